/** Steps of the walk about what people do with messages beside writing them: reactions, the emoji picker, pins, what is saved and what is unread again. */
import type { Page } from "playwright-core";
import { aside, composer, enter, fromMenu, goTo, inRoom, isStored, type Person, say, sees } from "./person.ts";
import { until } from "./server.ts";
import type { Step } from "./steps.ts";

const row = ({ page }: Person, text: string) => page.locator(".message", { hasText: text }).last();
const chip = (person: Person, text: string, emoji: string) => row(person, text).locator(".reaction", { hasText: emoji });

/** The reaction as it stands on their screen: how many, and whether theirs is among them. */
const reads = (person: Person, text: string, emoji: string, told: string): Promise<void> =>
  until(async () => (await toldOf(person, text, emoji)) === told, `${person.name} reads ${emoji} ${told}`).catch(async (fault: unknown) => {
    throw new Error(`${String(fault)}, and not ${await toldOf(person, text, emoji)}`);
  });
const toldOf = (person: Person, text: string, emoji: string): Promise<string> =>
  chip(person, text, emoji).evaluateAll(([found]) =>
    found ? `${found.querySelector(".reaction__count")?.textContent} ${found.ariaPressed === "true" ? "mine" : "theirs"}` : "none",
  );

export const reactionSteps: readonly Step[] = [
  {
    sentence: "a reaction shows on both screens, counts both and says who, is taken back, and moves what is read by no more than a pixel",
    async walk({ ann, bob }) {
      for (const { page } of [ann, bob]) await goTo(page, "general");
      await say(ann, "shall we dance?");
      await sees(bob, "shall we dance?");
      await row(bob, "shall we dance?").hover();
      await row(bob, "shall we dance?").getByRole("button", { name: "React with 👍" }).click();
      await reads(ann, "shall we dance?", "👍", "1 theirs");
      await say(ann, "and after that?");
      await isStored(ann, "and after that?");
      const topOf = () => ann.page.evaluate(() => [...document.querySelectorAll(".messages__list article")].at(-1)?.getBoundingClientRect().top ?? 0);
      await ann.page.mouse.move(5, 5);
      const before = await topOf();
      await chip(ann, "shall we dance?", "👍").click();
      await reads(bob, "shall we dance?", "👍", "2 mine");
      await reads(ann, "shall we dance?", "👍", "2 mine");
      const words = await chip(ann, "shall we dance?", "👍").getAttribute("title");
      if (words !== "You and bob reacted with 👍") throw new Error(`it says ${words}`);
      await row(bob, "and after that?").hover();
      await row(bob, "and after that?").getByRole("button", { name: "React with 👍" }).click(); // the row at the end grows, and the end is kept
      await reads(ann, "and after that?", "👍", "1 theirs");
      await row(bob, "and after that?").locator(".reaction", { hasText: "👍" }).click();
      await until(async () => (await toldOf(ann, "and after that?", "👍")) === "none", "it is taken back");
      if (Math.abs((await topOf()) - before) > 1) throw new Error(`it moved from ${before} to ${await topOf()}`);
      await chip(ann, "shall we dance?", "👍").click();
      await chip(bob, "shall we dance?", "👍").click();
      for (const person of [ann, bob]) await reads(person, "shall we dance?", "👍", "none");
      const heard = await ann.page.locator("[role=log]").innerText();
      if (heard.includes("👍")) throw new Error("a reaction was spoken");
    },
  },
  {
    sentence: "by keyboard alone an emoji is found by its name and given, and another one is written where one was writing",
    async walk({ ann: { page, ...ann }, bob }) {
      await composer(page).focus();
      await page.keyboard.press("Control+Shift+F6");
      await page.keyboard.press("End");
      await page.keyboard.press("+");
      await page.getByRole("combobox", { name: "Find an emoji by its name" }).waitFor();
      await page.keyboard.type("rocket");
      await page.locator("#emoji-chosen", { hasText: "🚀" }).waitFor();
      await page.keyboard.press("Enter");
      await reads(bob, "and after that?", "🚀", "1 theirs");
      await until(() => page.evaluate(() => document.activeElement?.matches("article") === true), "the focus is back on the row");
      await page.keyboard.press("+");
      await page.locator(".emoji-picker__cell", { hasText: "🚀" }).first().waitFor();
      const first = await page.locator("#emoji-chosen").innerText();
      for (const key of ["ArrowDown", "ArrowRight", "ArrowUp"]) await page.keyboard.press(key);
      await page.keyboard.press("Escape");
      await until(async () => (await page.locator(".emoji-picker").count()) === 0, "Esc closes it");
      if (first !== "🚀") throw new Error(`the last used is ${first}`);
      await composer(page).fill("lift-off !");
      for (let i = 0; i < 2; i += 1) await page.keyboard.press("ArrowLeft");
      await page.getByRole("button", { name: "Emoji", exact: true }).focus();
      await page.keyboard.press("Enter");
      await page.locator(".emoji-picker__cell", { hasText: "🚀" }).first().waitFor();
      await page.keyboard.press("Enter");
      await until(async () => (await composer(page).inputValue()) === "lift-off🚀 !", "it stands where she was writing");
      await composer(page).fill("");
      await reads({ page, ...ann }, "and after that?", "🚀", "1 mine");
    },
  },
  {
    sentence: "what bob pins ann finds in the details, and it leads to the message; taken off it is gone at both",
    async walk({ ann, bob }) {
      await row(bob, "shall we dance?").locator("article").focus();
      await bob.page.keyboard.press("p");
      await row(ann, "shall we dance?").getByText("Pinned").waitFor();
      await ann.page.keyboard.press("Control+.");
      const pins = ann.page.locator("#details .saved__row", { hasText: "shall we dance?" });
      await pins.locator("a").click();
      await ann.page.locator(".message[data-marked=true]", { hasText: "shall we dance?" }).waitFor();
      await row(ann, "shall we dance?").locator("article").focus();
      await ann.page.keyboard.press("p");
      await until(async () => (await pins.count()) === 0, "it is gone from the details");
      await until(async () => (await row(bob, "shall we dance?").getByText("Pinned").count()) === 0, "and at bob's");
      await ann.page.keyboard.press("Control+.");
      await goTo(ann.page, "general");
    },
  },
  {
    sentence: "what ann saves is in her list, leads to the message, and is nobody else's",
    async walk({ ann, bob }) {
      await row(ann, "and after that?").hover();
      await row(ann, "and after that?").getByRole("button", { name: "More" }).click();
      await ann.page.getByRole("menuitem", { name: "Save" }).click();
      await row(ann, "and after that?").getByText("Saved").waitFor();
      await fromMenu(ann.page, "Saved messages");
      const saved = ann.page.locator(".saved__row", { hasText: "and after that?" });
      await saved.locator("a").click();
      await ann.page.locator(".message[data-marked=true]", { hasText: "and after that?" }).waitFor();
      if ((await row(bob, "and after that?").getByText("Saved").count()) > 0) throw new Error("bob sees what ann saved");
      await fromMenu(ann.page, "Saved messages");
      await saved.getByRole("button").click();
      await ann.page.getByText("Nothing saved yet.").waitFor();
      await goTo(ann.page, "general");
      await inRoom(ann.page);
    },
  },
  {
    sentence: "marked unread from a message on, the room is unread in both tabs until it is read again from there",
    async walk({ browser, server, ann }) {
      await say(ann, "the last word");
      await isStored(ann, "the last word");
      const origin = `http://127.0.0.1:${server.port}`;
      await aside(browser, "bob, marking", origin, async (bob) => {
        await bob.page.goto(`${origin}/sign-in`);
        await enter(bob.page, "bob", "Sign in");
        await bob.page.locator(".shell").waitFor();
        await goTo(bob.page, "general");
        const other = await bob.context.newPage();
        await other.goto(`${origin}/browse`);
        const isUnread = (page: Page, is: boolean): Promise<void> =>
          until(
            async () => (await page.locator(`.sidebar__room[title=general][data-unread=${is}]`).count()) === 1,
            `general is ${is ? "" : "not "}unread`,
          );
        await bob.page.bringToFront();
        for (const page of [bob.page, other]) await isUnread(page, false);
        await row(bob, "and after that?").locator("article").focus();
        await bob.page.keyboard.press("u");
        for (const page of [bob.page, other]) await isUnread(page, true);
        const below = await bob.page.locator(".messages__new + .message .message__text").innerText();
        if (!below.startsWith("and after that?")) throw new Error(`New stands over "${below}"`);
        await bob.page.waitForTimeout(1_600); // half a second in view, and one until it would be said: it stays unread though it is seen
        for (const page of [bob.page, other]) await isUnread(page, true);
        await bob.page.getByRole("button", { name: "Browse channels" }).click();
        await goTo(bob.page, "general");
        for (const page of [bob.page, other]) await isUnread(page, false);
      });
    },
  },
];
