/** Steps of the walk with the keyboard alone. */
import type { Page } from "playwright-core";
import { aside, composer, inRoom, isStored, type Person, say, sees, texts } from "./person.ts";
import { PASSWORD } from "./rest.ts";
import { until } from "./server.ts";
import type { Step } from "./steps.ts";
import { isFocused } from "./writing.ts";

export const keyboardSteps: readonly Step[] = [
  {
    sentence: "from message to message by arrow keys, into one and out again, each time with a visible focus",
    async walk({ ann: { page } }) {
      await page.locator(".messages__list article").last().focus();
      const focused = () => page.evaluate(() => document.activeElement?.closest("[data-key]")?.getAttribute("data-key") ?? null);
      const last = await focused();
      await page.keyboard.press("ArrowUp");
      const above = await focused();
      const outline = await page.evaluate(() => (document.activeElement ? getComputedStyle(document.activeElement).outlineStyle : "none"));
      if (above === null || above === last || outline === "none") throw new Error(`${last} to ${above}, ${outline}`);
      await page.keyboard.press("Shift+F10");
      await page.getByRole("menuitem", { name: "Reply" }).waitFor();
      await page.keyboard.press("Escape");
      await until(async () => (await focused()) === above, "the focus is back on the row");
      await page.keyboard.press("End");
      await page.keyboard.press("ArrowDown");
      await until(() => composer(page).evaluate((field) => field === document.activeElement), "below the last row one writes");
    },
  },
  {
    sentence: "37. ann signs in, reads, replies, edits, removes and signs out by keyboard alone, and sees at every key where she is",
    async walk({ browser, server, bob }) {
      const origin = `http://127.0.0.1:${server.port}`;
      await say(bob, "is the door locked?");
      await aside(browser, "ann at the keys", origin, (ann) => byKeys(ann, bob, origin));
    },
  },
];

async function byKeys(ann: Person, bob: Person, origin: string): Promise<void> {
  const { page } = ann;
  const press = async (...keys: string[]): Promise<void> => {
    for (const key of keys) {
      await page.keyboard.press(key);
      await until(() => isFocusSeen(page), `the focus is seen after ${key}`, 2_000).catch(async (fault: unknown) => {
        throw new Error(`${String(fault)}: ${await page.evaluate(() => document.activeElement?.outerHTML.slice(0, 200))}`);
      });
    }
  };
  /** Presses Tab until it comes to something of this name. */
  const tabTo = async (name: RegExp, key = "Tab"): Promise<void> => {
    const named = (): Promise<string> =>
      page.evaluate(() => document.activeElement?.getAttribute("aria-label") ?? document.activeElement?.textContent ?? "");
    for (let stops = 0; !name.test(await named()); stops += 1) {
      if (stops > 40) throw new Error(`Tab does not come to ${name}`);
      await press(key);
    }
  };
  await page.goto(`${origin}/sign-in`);
  await until(() => isFocused(page, "[name=username]"), "one can type at once");
  await page.keyboard.type("ann");
  await press("Tab");
  await page.keyboard.type(PASSWORD);
  await page.keyboard.press("Enter");
  await inRoom(page);
  await until(() => isFocused(page, "#composer"), "one can write at once");

  await sees(ann, "is the door locked?");
  await page.keyboard.press("Control+Shift+F6");
  await until(() => isFocused(page, ".message__body"), "the messages have the focus");
  await press("End", "r");
  await until(() => isFocused(page, "#composer"), "one can answer");
  await page.keyboard.type("i think so");
  await press("Enter");
  await isStored(ann, "i think so");
  if (!(await page.locator(".message", { hasText: "i think so" }).innerText()).includes("is the door locked?")) throw new Error("it answers nobody");

  await press("ArrowUp");
  await until(() => isFocused(page, ".edit-form"), "one can mend");
  await press("ControlOrMeta+A");
  await page.keyboard.type("it is locked");
  await press("Enter");
  await sees(bob, "it is locked");
  await until(() => isFocused(page, "#composer"), "the focus is back");

  await press("Control+Shift+F6", "End", "Delete");
  await page.getByRole("dialog", { name: "Remove this message?" }).waitFor();
  await tabTo(/^Remove$/u);
  await press("Enter");
  await until(async () => !(await texts(bob)).includes("it is locked"), "it is gone at bob's");

  await press("Control+F6");
  await tabTo(/^Harbour/u, "Shift+Tab");
  await press("Enter");
  await tabTo(/^Sign out$/u, "ArrowDown");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: /Sign in/u }).waitFor();
}

/** Whether something has the focus, is in the window, and shows it by a line around it or around the box it stands in. */
export const isFocusSeen = (page: Page): Promise<boolean> =>
  page.evaluate(() => {
    const focused = document.activeElement;
    if (!(focused instanceof HTMLElement) || focused === document.body || !focused.checkVisibility()) return false;
    const { top, bottom, left, right } = focused.getBoundingClientRect();
    if (bottom <= 0 || top >= innerHeight || right <= 0 || left >= innerWidth) return false;
    const around = [focused, focused.parentElement, focused.parentElement?.parentElement].filter((one) => one instanceof HTMLElement);
    return around.some((one) => {
      const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(one);
      return outlineStyle !== "none" && Number.parseFloat(outlineWidth) >= 1 && !outlineColor.endsWith(", 0)");
    });
  });
