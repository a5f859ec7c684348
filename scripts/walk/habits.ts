/** Steps of the walk by the habits of hands that were elsewhere until yesterday: nothing they do without looking is lost. */
import type { Page } from "playwright-core";
import type { Room } from "../../server/protocol.ts";
import { aside, composer, enter, goTo, isStored, say, sees } from "./person.ts";
import { askerOf, postAs } from "./rest.ts";
import { until } from "./server.ts";
import type { Step } from "./steps.ts";

const written = (page: Page, text: string): Promise<void> => until(async () => (await composer(page).inputValue()) === text, `"${text}" is written`);

export const habitSteps: readonly Step[] = [
  {
    sentence:
      "what ann types or pastes after a click into the messages or on a reaction stands in the composer, whole, and no key of it did anything else",
    async walk({ ann, bob }) {
      const { page } = ann;
      for (const one of [ann, bob]) await goTo(one.page, "general");
      await say(bob, "shall we sail?");
      await sees(ann, "shall we sail?");
      await page.locator("#messages").click({ position: { x: 500, y: 20 } });
      await page.keyboard.type("Every answer can be typed");
      await written(page, "Every answer can be typed");
      await page.keyboard.press("Control+a");
      await page.keyboard.press("Control+x");
      const row = page.locator(".message", { hasText: "shall we sail?" });
      await row.hover();
      await row.locator(".message__bar button").first().click();
      await row.locator(".reaction").first().click();
      await page.keyboard.press("Control+v");
      await written(page, "Every answer can be typed");
      await page.keyboard.press("Enter");
      await isStored(ann, "Every answer can be typed");
      await sees(bob, "Every answer can be typed");
    },
  },
  {
    sentence: "PageUp in the composer reads back, PageDown comes to the end again",
    async walk({ ann: { page }, bob }) {
      for (let i = 0; i < 4; i += 1) await say(bob, `a long one, ${i}\n${"and more\n".repeat(12)}`);
      const top = () => page.locator("#messages").evaluate(({ scrollTop }) => scrollTop);
      await until(async () => (await top()) > 800, "there is something to read back");
      const end = await top();
      await composer(page).focus();
      await page.keyboard.press("PageUp");
      await until(async () => (await top()) < end - 200, "it is read back");
      await page.keyboard.press("PageDown");
      await until(async () => (await top()) > end - 2, "it is at the end again");
    },
  },
  {
    sentence: "↑ where ann answers in a thread mends her last answer there, and she writes on where she was",
    async walk({ ann: { page } }) {
      const row = page.locator("#messages .message", { hasText: "shall we sail?" });
      await row.hover();
      await row.getByRole("button", { name: "Open thread" }).click();
      const answer = page.getByRole("textbox", { name: "Reply in the thread" });
      await answer.fill("tomorow");
      await answer.press("Enter");
      await page.locator("#thread [data-seq]", { hasText: "tomorow" }).waitFor();
      await answer.press("ArrowUp");
      await page.locator("#thread").getByRole("textbox", { name: "Edit" }).fill("tomorrow");
      await page.keyboard.press("Enter");
      await page.locator("#thread .message__text", { hasText: "tomorrow" }).waitFor();
      await until(() => answer.evaluate((field) => field === document.activeElement), "the focus is back in the thread");
      await page.keyboard.press("Escape");
    },
  },
  {
    sentence: "the name of somebody in a message leads to their card, by the pointer and by keys",
    async walk({ ann: { page }, bob }) {
      await say(bob, "ask @cy about it");
      await page.locator(".text__mention", { hasText: "@cy" }).click();
      const card = page.getByRole("dialog", { name: "Profile of cy" });
      await card.waitFor();
      await page.keyboard.press("Escape");
      await card.waitFor({ state: "hidden" });
      await page.locator("#messages article", { hasText: "about it" }).focus();
      await page.keyboard.press("Enter");
      const isOnName = (): Promise<boolean> => page.evaluate(() => document.activeElement?.classList.contains("text__mention") ?? false);
      for (let stops = 0; !(await isOnName()); stops += 1) {
        if (stops > 5) throw new Error("Tab does not come to the name");
        await page.keyboard.press("Tab");
      }
      await page.keyboard.press("Enter");
      await card.waitFor();
      await page.keyboard.press("Escape");
    },
  },
  {
    sentence: "what comes into view because the window grows is seen, though nothing scrolls",
    async walk({ browser, server }) {
      const origin = `http://127.0.0.1:${server.port}`;
      const [asCy, asAnn] = [await askerOf(origin, "cy"), await askerOf(origin, "ann")];
      const { id } = (await asAnn.call("POST", "/rooms", { type: "dm", user_ids: [asCy.id] })) as { id: string };
      for (let i = 0; i < 9; i += 1) await postAs(asAnn, id, `line ${i}`);
      const unread = async (): Promise<number | undefined> => ((await asCy.call("GET", `/rooms/${id}`)) as Room).me?.unread;
      await aside(browser, "cy in a small window", origin, async ({ page }) => {
        await page.setViewportSize({ width: 1280, height: 330 });
        await page.goto(`${origin}/sign-in`);
        await enter(page, "cy", "Sign in");
        await goTo(page, "ann", "ann");
        await page.locator("#messages").evaluate((list) => list.scrollTo({ top: 0 }));
        await until(async () => ((await unread()) ?? 9) < 9, "what is in view is read");
        await Bun.sleep(1_500); // the time in which more would be, if it were in view
        if ((await unread()) === 0) throw new Error("all of it is in view");
        await page.setViewportSize({ width: 1280, height: 800 });
        await until(async () => (await unread()) === 0, "the rest is read");
      });
    },
  },
  {
    sentence: "by the menu of its row a room is read, muted and heard again without going there",
    async walk({ ann: { page }, server }) {
      const origin = `http://127.0.0.1:${server.port}`;
      const [asCy, asAnn] = [await askerOf(origin, "cy"), await askerOf(origin, "ann")];
      const room = { type: "channel", name: "anchorage", visibility: "public", user_ids: [asAnn.id] };
      await postAs(asCy, ((await asCy.call("POST", "/rooms", room)) as Room).id, "who is here?");
      const row = page.getByRole("navigation").getByRole("link", { name: "anchorage" });
      const has = (name: string, value: string): Promise<void> => until(async () => (await row.getAttribute(name)) === value, `${name} is ${value}`);
      const choose = async (words: string): Promise<void> => {
        await row.click({ button: "right" });
        await page.getByRole("menuitem", { name: words, exact: true }).click();
      };
      const before = page.url();
      await has("data-unread", "true");
      await choose("Mark as read");
      await has("data-unread", "false");
      await choose("Mute");
      await has("data-level", "muted");
      await row.focus();
      await page.keyboard.press("Shift+F10");
      await page.getByRole("menuitem", { name: "Unmute", exact: true }).click();
      await has("data-level", "mentions");
      if (page.url() !== before) throw new Error(`she is at ${page.url()}`);
    },
  },
];
