/** The page's figures as a reader would feel them: from what they do to the end of the paint that shows it. */
import type { Browser, Page } from "playwright-core";
import type { Figure } from "./figure-bounds.ts";
import { painted, rest, watchPaints } from "./paints.ts";
import type { Seeded } from "./seeded.ts";
import { traced } from "./trace.ts";

const TIMES = 5;
const OLDER_PAGES = 9; // 50 each: until the page holds as many rows as it may
const KEYS = 60;
const SIDEBAR = 1_000;

type Desk = { browser: Browser; page: Page; seeded: Seeded };
export type Measured = Partial<Record<Figure, number>>;

/** Sits down as the owner of the workspace, and measures what is wished by name; all of it where nothing is named. */
export async function measure(browser: Browser, seeded: Seeded, wished: readonly string[]): Promise<Measured> {
  const page = await (await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: "en-GB", serviceWorkers: "block" })).newPage();
  await page.addInitScript(watchPaints);
  await signIn(page, seeded);
  let found: Measured = {};
  for (const [name, run] of Object.entries(measures))
    if (wished.length === 0 || wished.includes(name)) found = { ...found, ...(await run({ browser, page, seeded })) };
  await page.context().close();
  return found;
}

const linkTo = (page: Page, { id }: { id: string }) => page.locator(`.sidebar__room[href="/r/${id}"]`);
const newest = ({ long }: Seeded): string => `.message[data-seq="${long.last_seq}"]`;

const measures: Readonly<Record<string, (desk: Desk) => Promise<Measured>>> = {
  async start({ page, seeded }) {
    const first_paint = await median(async () => {
      await begin(page, seeded);
      return page.evaluate(() => performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? Number.NaN);
    });
    return { first_paint };
  },

  async open({ browser, page, seeded }) {
    const opened: number[] = [];
    const task_open = await median(async () => {
      await begin(page, seeded);
      await rest(page);
      return (
        await traced(browser, page, async () => void opened.push(await painted(page, newest(seeded), 1, () => linkTo(page, seeded.long).click())))
      ).longest;
    });
    return { open: middle(opened), task_open };
  },

  async switch({ page, seeded }) {
    await begin(page, seeded);
    await painted(page, newest(seeded), 1, () => linkTo(page, seeded.long).click());
    const cached = await median(async () => {
      await painted(page, ".beginning", 1, () => linkTo(page, seeded.general).click());
      return painted(page, newest(seeded), 1, () => linkTo(page, seeded.long).click());
    });
    const switcher = await median(async () => {
      const shown = await painted(page, "dialog[open] [role=option]", 1, () => page.keyboard.press("Control+k"));
      await page.keyboard.press("Escape");
      await rest(page);
      return shown;
    });
    return { cached, switcher };
  },

  arrive: async ({ page, seeded }) => ({ arriving: await median(() => touchedBy(page, seeded)) }),

  async scroll({ browser, page, seeded }) {
    const older: number[] = [];
    let rows = 0;
    const task_older = await median(async () => {
      await enterLong(page, seeded);
      const { longest } = await traced(browser, page, async () => {
        const pages = await fillPage(page);
        older.push(Math.max(...pages.map(({ ms }) => ms)));
        rows = Math.max(rows, ...pages.map(({ held }) => held));
      });
      return longest;
    });
    return { older: middle(older), task_older, rows };
  },

  async type({ browser, page, seeded }) {
    await enterLong(page, seeded);
    await fillPage(page);
    const tasks: number[] = [];
    const key = await median(async () => {
      await page.getByRole("textbox", { name: "Message #library" }).focus();
      const { keys, longest } = await traced(browser, page, () => page.keyboard.type("measured, ".repeat(KEYS / 10), { delay: 80 }));
      if (keys.length < KEYS) throw new Error(`${keys.length} of ${KEYS} keys are in the trace`);
      tasks.push(longest);
      return keys.sort((a, b) => a - b)[Math.ceil(keys.length * 0.95) - 1] ?? Number.NaN;
    });
    return { key, task_key: middle(tasks) };
  },

  /** The last: it leaves a thousand rooms behind. */
  async sidebar({ page, seeded }) {
    await fillSidebar(seeded);
    const sidebar = await median(async () => {
      await page.goto(`${seeded.origin}/r/${seeded.general.id}`);
      return page.evaluate(([selector, count]) => window.figures.shown(selector, count), [".sidebar__room[href]", SIDEBAR] as const);
    });
    return { sidebar };
  },
};

async function begin(page: Page, { origin, general, long }: Seeded): Promise<void> {
  await page.goto(`${origin}/r/${general.id}`);
  await linkTo(page, long).waitFor();
}

async function enterLong(page: Page, { origin, long }: Seeded): Promise<void> {
  await page.goto(`${origin}/r/${long.id}`);
  await page.locator(".message[data-seq]").first().waitFor();
  await rest(page);
}

async function fillPage(page: Page): Promise<Older[]> {
  const pages: Older[] = [];
  for (let i = 0; i < OLDER_PAGES; i += 1) pages.push(await olderPage(page));
  return pages;
}

type Older = { ms: number; held: number };

/** From the scrolling that comes near the beginning to the paint that has the page of older rows. */
const olderPage = (page: Page): Promise<Older> =>
  page.evaluate(async () => {
    const first = (): number => Number(document.querySelector<HTMLElement>(".message[data-seq]")?.dataset["seq"]);
    const list = document.querySelector("#messages");
    const before = first();
    for (let i = 0; i < 3; i += 1) await window.figures.frame();
    const from = performance.now();
    if (list) list.scrollTop = list.scrollTop < 70 ? 80 : 60;
    await window.figures.until(() => first() < before, "older rows");
    return { ms: performance.now() - from, held: document.querySelectorAll(".message[data-seq]").length };
  });

/** How many rows of the list change when a message arrives: with hundreds of them in the page, and the reader at the end. */
async function touchedBy(page: Page, seeded: Seeded): Promise<number> {
  const { long, ask } = seeded;
  await enterLong(page, seeded);
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

async function fillSidebar({ ask }: Seeded): Promise<void> {
  const names = Array.from({ length: SIDEBAR - 2 }, (_, i) => `channel ${i}`);
  for (let from = 0; from < names.length; from += 50)
    await Promise.all(names.slice(from, from + 50).map((name) => ask("POST", "/rooms", { type: "channel", name, visibility: "public" })));
}

async function signIn(page: Page, { origin, username, password }: Seeded): Promise<void> {
  await page.goto(`${origin}/sign-in`);
  await page.getByLabel("Username").fill(username);
  await page.getByRole("textbox", { name: "Password" }).fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.locator("#room-name").waitFor();
}

async function median(once: () => Promise<number>): Promise<number> {
  const found: number[] = [];
  for (let i = 0; i < TIMES; i += 1) found.push(await once());
  return middle(found);
}

const middle = (found: readonly number[]): number => found.toSorted((a, b) => a - b)[found.length >> 1] ?? Number.NaN;
