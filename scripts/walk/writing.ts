/** Steps of the walk at the composer: what a key does, what is sent, and what is never lost. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { aside, composer, isStored, type Person, say, sees, signIn, texts } from "./person.ts";
import { until } from "./server.ts";
import type { Step } from "./steps.ts";

export const writingSteps: readonly Step[] = [
  {
    sentence: "8. ann's post is on her screen at the next paint and on bob's within a second, and is stored in the very node it was drawn in",
    async walk({ ann, bob }) {
      await watchPost(ann.page, "same node");
      await watchPost(bob.page, "same node");
      await say(ann, "same node");
      await sees(bob, "same node");
      await isStored(ann, "same node");
      const hers = await watched(ann.page);
      const his = await watched(bob.page);
      if (!hers.painted) throw new Error("it was not there at the next paint");
      if (hers.pending !== 1 || !hers.same) throw new Error(JSON.stringify(hers));
      if (!(his.at - hers.pressed_at <= 1_000)) throw new Error(`bob saw it after ${his.at - hers.pressed_at} ms`);
    },
  },
  {
    sentence: "13. Enter while an input method composes sends nothing, told by isComposing or by 229",
    async walk({ ann }) {
      const field = composer(ann.page);
      await field.fill("not yet");
      for (const how of [
        { isComposing: true, keyCode: 13 },
        { isComposing: false, keyCode: 229 },
      ]) {
        const taken = await field.evaluate(
          (element, told) => !element.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true, ...told })),
          how,
        );
        if (taken || (await field.inputValue()) !== "not yet") throw new Error(`it was taken: ${JSON.stringify(how)}`);
      }
      const cdp = await ann.context.newCDPSession(ann.page);
      await field.fill("");
      await cdp.send("Input.imeSetComposition", { text: "にほん", selectionStart: 3, selectionEnd: 3 });
      await cdp.send("Input.dispatchKeyEvent", { type: "rawKeyDown", key: "Enter", code: "Enter", windowsVirtualKeyCode: 229 });
      await cdp.send("Input.dispatchKeyEvent", { type: "keyUp", key: "Enter", code: "Enter", windowsVirtualKeyCode: 13 });
      if ((await field.inputValue()) !== "にほん") throw new Error("the composition went");
      await cdp.send("Input.insertText", { text: "日本" });
      await ann.page.keyboard.press("Enter");
      await sees(ann, "日本");
      const sent = (await texts(ann)).filter((text) => /not yet|にほん/u.test(text));
      if (sent.length > 0) throw new Error(`sent: ${sent.join(", ")}`);
    },
  },
  {
    sentence: "14. Shift+Enter, Enter in an open fence and Enter on a touch keyboard break the line",
    async walk({ browser, server, ann }) {
      const origin = `http://127.0.0.1:${server.port}`;
      const field = composer(ann.page);
      await field.fill("");
      await typed(ann.page, ["one", "Shift+Enter", "two"], "one\ntwo");
      await field.fill("");
      await typed(ann.page, ["```", "Enter", "code", "Enter", "```"], "```\ncode\n```");
      await ann.page.keyboard.press("Enter"); // the fence is closed: this one sends
      await until(async () => (await field.inputValue()) === "", "the closed fence is sent");
      await aside(
        browser,
        "ann's phone",
        origin,
        async (phone) => {
          await signIn(phone, `${origin}/sign-in`, "ann");
          await composer(phone.page).tap();
          await typed(phone.page, ["by", "Enter", "touch"], "by\ntouch");
          await phone.page.getByRole("button", { name: "Send" }).tap();
          await isStored(phone, "touch");
        },
        { hasTouch: true, isMobile: true, viewport: { width: 390, height: 844 } },
      );
      if ((await texts(ann)).some((text) => ["one", "by"].includes(text))) throw new Error("a half was sent");
    },
  },
  {
    sentence: "15. ↑ edits the last message in its place, and Esc gives back the draft that was there",
    async walk({ ann, bob }) {
      const { page } = ann;
      const edit = page.getByRole("textbox", { name: "Edit" });
      await say(ann, "to be mended");
      await isStored(ann, "to be mended");
      await composer(page).focus();
      await page.keyboard.press("ArrowUp");
      await edit.waitFor();
      if ((await edit.inputValue()) !== "to be mended") throw new Error(`it edits "${await edit.inputValue()}"`);
      await edit.fill("never saved");
      await page.keyboard.press("Escape");
      await until(() => isFocused(page, "#composer"), "the focus is back in the composer");
      await composer(page).fill("half a thought");
      await page.keyboard.press("ArrowUp"); // moves the caret: something is written
      if ((await edit.count()) > 0) throw new Error("↑ left a draft");
      await page.locator(".message__body").last().focus();
      await page.keyboard.press("e");
      await edit.fill("never saved either");
      await page.keyboard.press("Escape");
      await until(async () => (await isFocused(page, "#composer")) && (await composer(page).inputValue()) === "half a thought", "the draft is back");
      await composer(page).fill("");
      await page.keyboard.press("ArrowUp");
      await edit.fill("mended");
      await page.keyboard.press("Enter");
      await sees(bob, "mended");
      if ((await texts(bob)).some((text) => /never saved|to be mended/u.test(text))) throw new Error("an edit that was given up was saved");
    },
  },
  {
    sentence: "18. dropping a file leaves the page and the draft as they were, says where it goes, and puts it beside the draft",
    walk: ({ ann }) => dropFile(ann),
  },
];

async function typed(page: Page, keys: readonly string[], expected: string): Promise<void> {
  for (const key of keys) await (/^(Shift\+)?Enter$/u.test(key) ? page.keyboard.press(key) : page.keyboard.type(key));
  const found = await composer(page).inputValue();
  if (found !== expected) throw new Error(`${JSON.stringify(found)} instead of ${JSON.stringify(expected)}`);
}

export const isFocused = (page: Page, selector: string): Promise<boolean> =>
  page.evaluate((one) => document.activeElement?.closest(one) !== null && document.activeElement !== null, selector);

/** Drops a file by the browser's own dragging, which opens it in place of the page if nobody objects. */
async function dropFile({ page, context }: Person): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "snug-drop-"));
  const path = join(folder, "notes.txt");
  await Bun.write(path, "notes");
  const before = page.url();
  try {
    await composer(page).fill("half a thought");
    const box = await page.locator("#messages").boundingBox();
    const at = { x: (box?.x ?? 0) + 100, y: (box?.y ?? 0) + 100 };
    const cdp = await context.newCDPSession(page);
    const drag = (type: "dragEnter" | "dragOver" | "drop"): Promise<unknown> =>
      cdp.send("Input.dispatchDragEvent", { type, ...at, data: { items: [], files: [path], dragOperationsMask: 1 } });
    await drag("dragEnter");
    await drag("dragOver");
    await page.getByText("Drop files to send them to #general").waitFor();
    await drag("drop");
    await page.locator('.tray__item[data-state="stored"]', { hasText: "notes.txt" }).waitFor();
    if (page.url() !== before || (await composer(page).inputValue()) !== "half a thought") throw new Error("the page or the draft went");
    await page.getByRole("button", { name: "Take out notes.txt" }).click();
    await page.locator(".tray").waitFor({ state: "detached" });
    await composer(page).fill("");
  } finally {
    rmSync(folder, { recursive: true });
  }
}

type Watched = { pressed_at: number; painted: boolean; at: number; pending: number; same: boolean };

/** Notes in the page when Enter is pressed, whether the text is there when that frame is painted, when it came, and in which node it was drawn. */
const watchPost = (page: Page, text: string): Promise<void> =>
  page.evaluate((words) => {
    const drawn: Element[] = [];
    const told = { pressed_at: 0, painted: false, at: Number.POSITIVE_INFINITY };
    const isThere = (): boolean => [...document.querySelectorAll(".message")].some(({ textContent }) => textContent.includes(words));
    const note = (records: MutationRecord[]): void => {
      for (const node of records.flatMap(({ addedNodes }) => [...addedNodes])) {
        if (node instanceof Element && node.matches('.message[data-state="sending"]:not([data-seq])')) drawn.push(node);
      }
      if (isThere()) told.at = Math.min(told.at, Date.now());
    };
    new MutationObserver(note).observe(document.querySelector(".messages__list") ?? document.body, { childList: true, subtree: true });
    const press = (event: KeyboardEvent): void => {
      if (event.key !== "Enter") return;
      told.pressed_at = Date.now();
      requestAnimationFrame(() => (told.painted = isThere())); // the last that runs before the paint
    };
    document.addEventListener("keydown", press, { capture: true });
    Reflect.set(window, "walkPost", (): Watched => {
      document.removeEventListener("keydown", press, { capture: true });
      const row = [...document.querySelectorAll(".message[data-seq]")].find(({ textContent }) => textContent.includes(words));
      return { ...told, pending: drawn.length, same: drawn[0] === row && row?.getAttribute("data-state") === null };
    });
  }, text);

const watched = (page: Page): Promise<Watched> => page.evaluate((): Watched => Reflect.get(window, "walkPost")());
