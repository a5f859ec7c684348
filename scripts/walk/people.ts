/** Steps of the walk about who is there: typing, presence, a device that is ended, and being put out of a room. */
import { composer, enter, fromMenu, goTo, inRoom, inside, sees } from "./person.ts";
import { type Asker, askerOf } from "./rest.ts";
import { until } from "./server.ts";
import type { Stage, Step } from "./steps.ts";

const TYPING_MS = 6_000;
const SLACK_MS = 300; // of timers, and of asking
const GRACE_MS = 5_000;

const originOf = ({ server }: Stage): string => `http://127.0.0.1:${server.port}`;

/** Before they have ever spoken alone. */
export const meetingSteps: readonly Step[] = [
  {
    sentence: "31. ann and bob open their conversation at the same moment and are in one room",
    async walk({ ann, bob }) {
      const both = [
        { page: ann.page, other: "bob" },
        { page: bob.page, other: "ann" },
      ];
      for (const { page, other } of both) {
        await page.keyboard.press("Control+Shift+K");
        await page.getByRole("dialog", { name: "New direct message" }).getByRole("listitem").filter({ hasText: other }).getByRole("button").click();
      }
      await Promise.all(both.map(({ page }) => page.getByRole("button", { name: "Open conversation" }).click()));
      for (const { page, other } of both) await inside(page, other);
      const [hers, his] = both.map(({ page }) => new URL(page.url()).pathname);
      if (hers !== his || !/^\/r\/./u.test(hers ?? "")) throw new Error(`${hers} and ${his}`);
      for (const { page, other } of both) {
        const rows = await page.getByRole("navigation").getByRole("link", { name: other }).count();
        if (rows !== 1) throw new Error(`${rows} conversations in the list`);
        await goTo(page, "general");
      }
    },
  },
];

export const peopleSteps: readonly Step[] = [
  {
    sentence: "32. typing shows within a second, ends within six of silence, and at once with the post",
    async walk({ ann, bob }) {
      await goTo(ann.page, "bob", "bob");
      await goTo(bob.page, "ann", "ann");
      const typing = ann.page.locator(".room__typing", { hasText: "bob is typing" });
      const field = bob.page.locator("#composer");
      await field.pressSequentially("h");
      await typing.waitFor({ timeout: 1_000 });
      await field.press("m");
      const silent_at = Date.now();
      await until(async () => (await typing.count()) === 0, "it is over", TYPING_MS + SLACK_MS);
      if (Date.now() - silent_at < 1_000) throw new Error("it was over at once");
      await field.fill("");
      await field.pressSequentially("here I am");
      await typing.waitFor({ timeout: 1_000 });
      const atOnce = ann.page.evaluate(
        () =>
          new Promise<boolean>((resolve) => {
            const isTyping = (): boolean => document.querySelector(".room__typing")?.textContent !== "";
            const look = (): void => {
              if (![...document.querySelectorAll(".message")].some(({ textContent }) => textContent.includes("here I am"))) return;
              requestAnimationFrame(() => resolve(!isTyping()));
            };
            new MutationObserver(look).observe(document.body, { childList: true, subtree: true });
          }),
      );
      await field.press("Enter");
      if (!(await atOnce)) throw new Error("bob has posted and seems to type");
    },
  },
  {
    sentence: "33. ann is away for bob only when her last tab has closed and the grace is over",
    async walk({ ann, bob }) {
      const sign = bob.page.locator(".room-head .presence");
      const isNow = (state: string, limit_ms: number): Promise<void> =>
        until(async () => (await sign.getAttribute("data-state")) === state, `ann is ${state}`, limit_ms);
      const address = ann.page.url();
      const other = await ann.context.newPage();
      await other.goto(address);
      await inside(other, "bob");
      await isNow("active", 2_000);
      await ann.page.close();
      await bob.page.waitForTimeout(GRACE_MS + 2_000); // the time in which nothing may happen
      await isNow("active", SLACK_MS);
      const closed_at = Date.now();
      await other.close();
      await isNow("offline", GRACE_MS + 5_000);
      if (Date.now() - closed_at < GRACE_MS - SLACK_MS) throw new Error(`away after ${Date.now() - closed_at} ms`);
      if (!/Offline|Last seen/u.test(await sign.innerText())) throw new Error(`no word: ${await sign.innerText()}`);
      ann.page = await ann.context.newPage();
      await ann.page.goto(address);
      await isNow("active", 5_000);
      for (const { page } of [ann, bob]) await goTo(page, "general");
    },
  },
  {
    sentence: "30. bob's device is ended: he is told within two seconds; back in are the room and the draft, and for cy neither",
    walk: endDevice,
  },
  {
    sentence: "29. bob, put out of the private channel, loses it within two seconds, and its address then reads like one that never existed",
    async walk({ ann, bob }) {
      const { page } = bob;
      await goTo(page, "quay");
      const address = page.url();
      await ann.page.bringToFront();
      await goTo(ann.page, "quay");
      await ann.page.locator("#composer").fill("a secret of the quay");
      await ann.page.locator("#composer").press("Enter");
      await sees(bob, "a secret of the quay");
      const seq = await page.locator(".message[data-seq]").last().getAttribute("data-seq");
      await ann.page.keyboard.press("Control+.");
      await ann.page.getByRole("button", { name: "Actions for bob" }).click();
      await ann.page.getByRole("menuitem", { name: "Remove from the room" }).click();
      await ann.page.getByRole("alertdialog").getByRole("button", { name: "Remove from the room" }).click();
      await page.getByText("You are no longer in #quay.").waitFor({ timeout: 2_000 });
      await inRoom(page);
      await until(async () => (await page.getByRole("link", { name: "quay" }).count()) === 0, "it is gone from his list");
      const read: string[] = [];
      const never = address.replace(/[^/]+$/u, (id) => [...id].toReversed().join(""));
      for (const path of [`${address}/${seq}`, `${never}/${seq}`]) {
        await page.goto(path);
        await page.getByRole("heading", { name: /not available/u }).waitFor();
        read.push(`${await page.title()}\n${await page.locator("main").innerText()}`);
      }
      if (read[0] !== read[1] || read.join("").includes("quay")) throw new Error(read.join(" | "));
      await page.goto(address);
      await page.getByRole("heading", { name: "This is not available." }).waitFor();
      await page.getByRole("link", { name: "general" }).click();
      await inRoom(page);
      await ann.page.keyboard.press("Control+.");
      await goTo(ann.page, "general");
    },
  },
];

async function endDevice(stage: Stage): Promise<void> {
  const { bob } = stage;
  const { page } = bob;
  const origin = originOf(stage);
  const asBob = await askerOf(origin, "bob");
  await composer(page).fill("for nobody else's eyes");
  await goTo(page, "quay");
  await page.locator("#composer").fill("half a secret");
  await endOthers(asBob);
  await page.getByRole("alertdialog", { name: "You have been signed out" }).waitFor({ timeout: 2_000 });
  await page.getByRole("button", { name: "Sign in" }).click();
  await enter(page, "bob", "Sign in");
  await inside(page, "#quay");
  if ((await page.locator("#composer").inputValue()) !== "half a secret") throw new Error("bob's draft is gone");

  await endOthers(asBob);
  await page.getByRole("alertdialog", { name: "You have been signed out" }).waitFor({ timeout: 2_000 });
  await page.getByRole("button", { name: "Sign in" }).click();
  await enter(page, "cy", "Sign in");
  await page.locator(".shell").waitFor();
  if ((await page.getByText("quay").count()) > 0) throw new Error("cy sees bob's room");
  await goTo(page, "general");
  if ((await composer(page).inputValue()) !== "") throw new Error("cy finds bob's draft");
  if ((await page.getByText(/half a secret|nobody else's eyes/u).count()) > 0) throw new Error("cy reads bob's words");
  await fromMenu(page, "Sign out");
  await page.getByRole("heading", { name: /Sign in/u }).waitFor();
  await enter(page, "bob", "Sign in");
  await page.locator(".shell").waitFor();
  await goTo(page, "general");
  await composer(page).fill("");
}

async function endOthers({ call }: Asker): Promise<void> {
  const { items } = (await call("GET", "/auth/sign-ins")) as { items: { id: string; current: boolean }[] };
  for (const { id, current } of items) if (!current) await call("DELETE", `/auth/sign-ins/${id}`);
}
