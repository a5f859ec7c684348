/** Steps of the walk that are about the list of messages itself: which node, which place, what is on the screen. */
import { withoutViolations } from "./axe.ts";
import type { Person } from "./person.ts";
import { composer, say, sees } from "./person.ts";
import { until } from "./server.ts";
import type { Step } from "./steps.ts";

export const timelineSteps: Step[] = [
  {
    sentence: "a post is on the screen before it is stored, and is stored in the very node it was drawn in",
    async walk({ ann, bob }) {
      await watchPending(ann);
      await say(ann, "same node");
      await sees(bob, "same node");
      await until(async () => (await ann.page.locator("[data-seq]", { hasText: "same node" }).count()) === 1, "ann's row is stored");
      const found = await ann.page.evaluate(() => {
        const drawn: Element[] = Reflect.get(window, "walkPending");
        const row = [...document.querySelectorAll(".message[data-seq]")].find(({ textContent }) => textContent.includes("same node"));
        return { pending: drawn.length, same: drawn[0] !== undefined && drawn[0] === row, state: row?.getAttribute("data-state") };
      });
      if (found.pending !== 1 || !found.same || found.state !== null) throw new Error(JSON.stringify(found));
    },
  },
];

/** Notes each row that is put into the list while it is not stored yet: in the turn of its drawing, which no answer can overtake. */
async function watchPending({ page }: Person): Promise<void> {
  await page.evaluate(() => {
    const drawn: Element[] = [];
    const note = (records: MutationRecord[]): void => {
      for (const node of records.flatMap(({ addedNodes }) => [...addedNodes])) {
        if (node instanceof Element && node.matches('.message[data-state="sending"]:not([data-seq])')) drawn.push(node);
      }
    };
    new MutationObserver(note).observe(document.querySelector(".messages__list") ?? document.body, { childList: true, subtree: true });
    Reflect.set(window, "walkPending", drawn);
  });
}

/** Steps that need nothing but the keyboard, after the others have talked. */
export const keyboardSteps: Step[] = [
  {
    sentence: "ann names bob, answers him and mends her words by keyboard alone, and it is bob who is marked",
    async walk({ ann, bob }) {
      const { keyboard } = ann.page;
      await say(bob, "who has the rope?");
      await sees(ann, "who has the rope?");
      await composer(ann.page).focus();
      await keyboard.press("Shift+ArrowUp");
      await keyboard.type("you have, @b");
      await ann.page.getByRole("option", { name: "bob" }).waitFor();
      await keyboard.press("Tab");
      await keyboard.type("**surly**");
      await keyboard.press("Enter");
      await sees(bob, "you have, @bob surly");
      await keyboard.press("ArrowUp");
      await ann.page.getByRole("textbox", { name: "Edit" }).waitFor();
      await keyboard.press("ControlOrMeta+A");
      await keyboard.type("you have, @bob");
      await keyboard.press("Enter");
      const row = bob.page.locator(".message", { has: bob.page.locator('.text__mention[data-mine="true"]') }).last();
      await until(async () => (await row.innerText()).includes("(edited)"), "bob sees the edit");
      if (!(await row.innerText()).includes("who has the rope?")) throw new Error(`no quote: ${await row.innerText()}`);
      await until(() => composer(ann.page).evaluate((field) => field === document.activeElement), "the focus is back in the composer");
    },
  },
  {
    sentence: "what keys and lists write can be taken back, and Enter while an input method composes sends nothing",
    async walk({ ann }) {
      const { keyboard } = ann.page;
      await composer(ann.page).fill("");
      await keyboard.type("strong @b");
      await ann.page.getByRole("option", { name: "bob" }).waitFor();
      await keyboard.press("Enter");
      await until(async () => (await composer(ann.page).inputValue()) === "strong @bob ", "bob is named");
      await keyboard.press("ControlOrMeta+A");
      await keyboard.press("ControlOrMeta+B");
      await until(async () => (await composer(ann.page).inputValue()) === "**strong @bob **", "it is strong");
      await keyboard.press("ControlOrMeta+Z");
      await until(async () => (await composer(ann.page).inputValue()) === "strong @bob ", "that is taken back");
      const cdp = await ann.context.newCDPSession(ann.page);
      await composer(ann.page).fill("");
      await cdp.send("Input.imeSetComposition", { text: "にほん", selectionStart: 3, selectionEnd: 3 });
      await cdp.send("Input.dispatchKeyEvent", { type: "rawKeyDown", key: "Enter", code: "Enter", windowsVirtualKeyCode: 229 });
      await cdp.send("Input.dispatchKeyEvent", { type: "keyUp", key: "Enter", code: "Enter", windowsVirtualKeyCode: 13 });
      if ((await composer(ann.page).inputValue()) !== "にほん") throw new Error("the composition went");
      await cdp.send("Input.insertText", { text: "日本" });
      await keyboard.press("Enter");
      await sees(ann, "日本");
    },
  },
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
    sentence: "axe finds nothing with a reply, the list of names, a row's menu or an edit open, light or dark",
    async walk({ ann: { page } }) {
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme });
        await composer(page).focus();
        await page.keyboard.press("Shift+ArrowUp");
        await page.keyboard.type("@b");
        await page.getByRole("listbox").waitFor();
        await withoutViolations(page, `names, ${colorScheme}`);
        await page.keyboard.press("Escape");
        await page.keyboard.press("Escape");
        await composer(page).fill("");
        await page.keyboard.press("ArrowUp");
        await page.getByRole("textbox", { name: "Edit" }).waitFor();
        await withoutViolations(page, `edit, ${colorScheme}`);
        await page.keyboard.press("Escape");
        await page.locator(".messages__list article").last().focus();
        await page.keyboard.press("Shift+F10");
        await page.getByRole("menuitem", { name: "Reply" }).waitFor();
        await withoutViolations(page, `menu, ${colorScheme}`);
        await page.getByRole("menuitem", { name: "Remove" }).click();
        await page.getByRole("dialog").getByRole("button", { name: "Cancel" }).waitFor();
        await withoutViolations(page, `remove, ${colorScheme}`);
        await page.keyboard.press("Escape");
      }
      await page.emulateMedia({ colorScheme: "light" });
    },
  },
];
