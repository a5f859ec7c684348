/** The page's figures, one by one, as a reader would feel them: from what they do to the end of the paint that shows it. */
import type { Browser, Page } from "playwright-core";
import { ROWS_MAX } from "./figure-bounds.ts";
import type { Seeded } from "./seeded.ts";
import { traced } from "./trace.ts";
import { until } from "./server.ts";

const TIMES = 5;
const OLDER_PAGES = 9; // 50 each: until the page holds as many rows as it may
const KEYS = 60;
const SIDEBAR = 1_000;

export type Measured = Record<
  "first_paint" | "open" | "task_open" | "older" | "task_older" | "rows" | "key" | "task_key" | "cached" | "switcher" | "arriving" | "sidebar",
  number
>;

export async function measure(browser: Browser, seeded: Seeded): Promise<Measured> {
  const page = await (await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: "en-GB" })).newPage();
  await page.addInitScript(watchPaints);
  await signIn(page, seeded);
  const at = (room: { id: string }) => page.locator(`.sidebar__room[href="/r/${room.id}"]`);
  const newest = `.message[data-seq="${seeded.long.last_seq}"]`;

  const first_paint = await median(async () => {
    await page.goto(`${seeded.origin}/r/${seeded.general.id}`);
    await at(seeded.long).waitFor();
    return page.evaluate(() => performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? Number.NaN);
  });

  const opened: number[] = [];
  const task_open = await median(async () => {
    await page.goto(`${seeded.origin}/r/${seeded.general.id}`);
    await at(seeded.long).waitFor();
    await rest(page);
    return (await traced(browser, page, async () => void opened.push(await painted(page, newest, 1, () => at(seeded.long).click())))).longest;
  });

  const cached = await median(async () => {
    await painted(page, ".beginning", 1, () => at(seeded.general).click());
    return painted(page, newest, 1, () => at(seeded.long).click());
  });

  const switcher = await median(async () => {
    const shown = await painted(page, "dialog[open] [role=option]", 1, () => page.keyboard.press("Control+k"));
    await page.keyboard.press("Escape");
    await rest(page);
    return shown;
  });

  const arriving = await median(() => touchedBy(page, seeded));

  const older: number[] = [];
  let rows = 0;
  const task_older = await median(async () => {
    await page.goto(`${seeded.origin}/r/${seeded.long.id}`);
    await page.locator(".message[data-seq]").first().waitFor();
    await rest(page);
    return (
      await traced(browser, page, async () => {
        const pages: number[] = [];
        for (let i = 0; i < OLDER_PAGES; i += 1) {
          const { ms, held } = await olderPage(page);
          pages.push(ms);
          rows = Math.max(rows, held);
        }
        older.push(Math.max(...pages));
      })
    ).longest;
  });

  const tasks: number[] = [];
  const key = await median(async () => {
    await page.getByRole("textbox", { name: "Message #library" }).focus();
    const { keys, longest } = await traced(browser, page, () => page.keyboard.type("measured, ".repeat(KEYS / 10), { delay: 80 }));
    if (keys.length < KEYS) throw new Error(`${keys.length} of ${KEYS} keys are in the trace`);
    tasks.push(longest);
    return keys.sort((a, b) => a - b)[Math.ceil(keys.length * 0.95) - 1] ?? Number.NaN;
  });
  if (rows < ROWS_MAX) throw new Error(`only ${rows} rows`);

  const rooms = await fillSidebar(seeded);
  const sidebar = await median(async () => {
    await page.goto(`${seeded.origin}/r/${seeded.general.id}`);
    return page.evaluate(([selector, count]) => window.figures.shown(selector, count), [".sidebar__room[href]", rooms] as const);
  });
  await page.context().close();
  return {
    first_paint,
    open: middle(opened),
    task_open,
    older: middle(older),
    task_older,
    rows,
    key,
    task_key: middle(tasks),
    cached,
    switcher,
    arriving,
    sidebar,
  };
}

declare global {
  interface Window {
    figures: {
      /** Resolves when as many are painted, with the time since the page began. */
      shown(selector: string, count: number): Promise<number>;
      /** The same, with the time since the next click or key. */
      sinceDone(selector: string, count: number): Promise<number>;
      frame(): Promise<number>;
    };
  }
}

/** Runs in the page. A frame's painting has ended when the message that it posts at its beginning is heard. */
function watchPaints(): void {
  let done_at = Number.NaN;
  for (const type of ["click", "keydown"]) addEventListener(type, (event) => void (done_at = event.timeStamp), { capture: true });
  const frame = (): Promise<number> =>
    new Promise((resolve) =>
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => resolve(performance.now());
        port2.postMessage(null);
      }),
    );
  const shown = async (selector: string, count: number): Promise<number> => {
    for (;;) {
      let isThere = false;
      requestAnimationFrame(() => void (isThere = document.querySelectorAll(selector).length >= count));
      const end = await frame();
      if (isThere) return end;
    }
  };
  const sinceDone = async (selector: string, count: number): Promise<number> => {
    done_at = Number.NaN;
    while (Number.isNaN(done_at)) await frame();
    return (await shown(selector, count)) - done_at;
  };
  window.figures = { shown, sinceDone, frame };
}

async function painted(page: Page, selector: string, count: number, act: () => Promise<unknown>): Promise<number> {
  const measured = page.evaluate(([what, many]) => window.figures.sinceDone(what, many), [selector, count] as const);
  await act();
  return measured;
}

/** From the scrolling that comes near the beginning to the paint that has the page of older rows. */
const olderPage = (page: Page): Promise<{ ms: number; held: number }> =>
  page.evaluate(async () => {
    const first = (): number => Number(document.querySelector<HTMLElement>(".message[data-seq]")?.dataset["seq"]);
    const list = document.querySelector("#messages");
    const before = first();
    for (let i = 0; i < 3; i += 1) await window.figures.frame();
    const from = performance.now();
    if (list) list.scrollTop = list.scrollTop < 70 ? 80 : 60;
    while (first() >= before) await window.figures.frame();
    return { ms: performance.now() - from, held: document.querySelectorAll(".message[data-seq]").length };
  });

/** How many rows of the list change when a message arrives: with hundreds of them in the page, and the reader at the end. */
async function touchedBy(page: Page, { origin, long, ask }: Seeded): Promise<number> {
  await page.goto(`${origin}/r/${long.id}`);
  await page.locator(".message[data-seq]").first().waitFor();
  for (let i = 0; i < 5; i += 1) await olderPage(page);
  await page.locator("#messages").evaluate((list) => void (list.scrollTop = list.scrollHeight));
  await rest(page);
  await page.evaluate(() => {
    const rows = new Set<Element | null>();
    const look = (changes: readonly MutationRecord[]): void => {
      for (const { target, addedNodes } of changes) {
        const row = target instanceof Element ? target.closest(".message") : (target.parentElement?.closest(".message") ?? null);
        if (row) rows.add(row);
        for (const node of addedNodes) if (node instanceof Element && node.matches(".message")) rows.add(node);
      }
    };
    const all = { childList: true, subtree: true, attributes: true, characterData: true };
    new MutationObserver(look).observe(document.querySelector(".messages__list") ?? document.body, all);
    Reflect.set(window, "touchedRows", () => rows.size);
  });
  const count = await page.locator(".message").count();
  const client_id = `figures-${crypto.randomUUID()}`;
  await ask("POST", `/rooms/${long.id}/messages`, { client_id, content: "a message arrives" });
  long.last_seq += 1;
  await page.locator(`.message[data-seq="${long.last_seq}"]`).waitFor();
  await rest(page);
  if ((await page.locator(".message").count()) !== count + 1) throw new Error("more than one row came");
  return page.evaluate((): number => Reflect.get(window, "touchedRows")());
}

async function fillSidebar({ ask }: Seeded): Promise<number> {
  const names = Array.from({ length: SIDEBAR - 2 }, (_, i) => `channel ${i}`);
  for (let from = 0; from < names.length; from += 50)
    await Promise.all(names.slice(from, from + 50).map((name) => ask("POST", "/rooms", { type: "channel", name, visibility: "public" })));
  return SIDEBAR;
}

async function signIn(page: Page, { origin, username, password }: Seeded): Promise<void> {
  await page.goto(`${origin}/sign-in`);
  await page.getByLabel("Username").fill(username);
  await page.getByRole("textbox", { name: "Password" }).fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.locator("#room-name").waitFor();
}

/** Until the page has nothing more to do of its own: acks and presence after an opening. */
const rest = (page: Page): Promise<void> =>
  until(
    () =>
      page.evaluate(async () => {
        const from = performance.now();
        for (let i = 0; i < 10; i += 1) await window.figures.frame();
        return performance.now() - from < 300;
      }),
    "the page rests",
  );

async function median(once: () => Promise<number>): Promise<number> {
  const found: number[] = [];
  for (let i = 0; i < TIMES; i += 1) found.push(await once());
  return middle(found);
}

const middle = (found: readonly number[]): number => found.toSorted((a, b) => a - b)[found.length >> 1] ?? Number.NaN;
