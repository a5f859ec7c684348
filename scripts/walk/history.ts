/** Steps of the walk in a room with a long history: where it opens, what moves, what is met, and how much the page holds. */
import type { Page } from "playwright-core";
import { hostile } from "./hostile.ts";
import { composer, inRoom, type Person, sees } from "./person.ts";
import { until, type Walked } from "./server.ts";

export type Library = { server: Walked; ann: Person; room_id: string; last_seq: number; post(content: string): Promise<void> };
export type HistoryStep = { sentence: string; walk: (library: Library) => Promise<void> };

export const UNREAD = 60;
const ROWS_MAX = 400;
const STILL_PX = 1;

export const historySteps: HistoryStep[] = [
  {
    sentence: `a room with ${UNREAD} unread opens with "New" above the right message, a third down`,
    async walk({ ann: { page }, last_seq }) {
      const line = page.locator(".messages__new");
      await line.waitFor();
      const next = await line.evaluate((element) => element.nextElementSibling?.getAttribute("data-seq"));
      const at = await line.evaluate((element) => {
        const list = document.querySelector("#messages")?.getBoundingClientRect();
        return list ? (element.getBoundingClientRect().top - list.top) / list.height : -1;
      });
      if (next !== String(last_seq - UNREAD + 1) || Math.abs(at - 1 / 3) > 0.02) throw new Error(`${next} at ${at}`);
    },
  },
  {
    sentence: "what arrives, is edited or grows late moves nothing for who reads further up, and a sign counts it and leads there",
    async walk({ ann: { page }, post }) {
      const before = await firstRow(page);
      await post("far below");
      await page.getByRole("button", { name: `${UNREAD + 1} new` }).waitFor({ timeout: 5_000 });
      await unmoved(page, before);
      await page.evaluate(() => {
        const list = document.querySelector("#messages");
        const top = list?.getBoundingClientRect().top ?? 0;
        const above = [...document.querySelectorAll<HTMLElement>(".message")].findLast((row) => row.getBoundingClientRect().bottom < top);
        if (above) above.style.paddingBlockEnd = "173px"; // a picture, a font, a quote that unfolds
      });
      await frames(page);
      await unmoved(page, before);
      await page.locator(".messages__newest").click();
      await page.locator(".message__text", { hasText: "far below" }).waitFor();
      await until(async () => (await page.locator(".messages__newest").count()) === 0, "the sign goes at the end");
    },
  },
  {
    sentence: "older rows of uneven height move the one that is read by no pixel",
    async walk({ ann: { page } }) {
      for (let load = 0; load < 5; load += 1) {
        const first = await firstHeld(page);
        await scrollTo(page, 60 + load);
        const before = await firstRow(page);
        await until(async () => (await firstHeld(page)) < first, "an older page is there");
        await frames(page);
        await unmoved(page, before);
      }
    },
  },
  {
    sentence: `scrolling either way meets every message, and the page never holds more than ${ROWS_MAX}`,
    async walk({ ann: { page }, last_seq }) {
      await watchRows(page);
      await scrollUntil(page, 0, async () => (await page.locator(".beginning").count()) === 1);
      await scrollUntil(page, Number.MAX_SAFE_INTEGER, async () => (await lastHeld(page)) > last_seq);
      const { met, most } = await page.evaluate((): { met: number; most: number } => Reflect.get(window, "walkRows")());
      if (met < last_seq || most > ROWS_MAX) throw new Error(`met ${met} of ${last_seq}, ${most} at once`);
    },
  },
  {
    sentence: "a message's address leads to it and marks it, and one that never was is not available",
    async walk({ ann: { page }, room_id, last_seq }) {
      const middle = last_seq >> 1;
      await page.goto(new URL(`/r/${room_id}/${middle}`, page.url()).href);
      const row = page.locator(`.message[data-seq="${middle}"]`);
      await page.locator(`.message[data-seq="${middle}"][data-marked="true"]`).waitFor();
      if (!(await isInView(page, middle))) throw new Error("it is out of view");
      await until(async () => (await row.getAttribute("data-marked")) === "false", "the mark goes");
      await page.goto(new URL(`/r/${room_id}/${last_seq * 2}`, page.url()).href);
      await page.getByRole("heading", { name: "This message is not available." }).waitFor();
    },
  },
  {
    sentence: "a reload restores the first row in view, to a pixel",
    async walk({ ann: { page }, room_id, last_seq }) {
      await page.goto(new URL(`/r/${room_id}`, page.url()).href);
      await inRoom(page);
      await frames(page);
      await scrollUntil(page, 0, async () => (await firstHeld(page)) < last_seq - 150);
      await scrollTo(page, 2_000);
      await frames(page);
      const before = await firstRow(page);
      await page.reload();
      await page.locator(`.message[data-seq="${before.seq}"]`).waitFor();
      await frames(page);
      await unmoved(page, before);
    },
  },
  {
    sentence: "a post goes to the end and stands there once, from wherever it was written",
    async walk({ ann }) {
      await composer(ann.page).fill("from far up");
      await composer(ann.page).press("Enter");
      await sees(ann, "from far up");
      await until(async () => (await ann.page.locator("[data-seq]", { hasText: "from far up" }).count()) === 1, "it is stored, once");
      await until(
        () => ann.page.locator("#messages").evaluate((list) => list.scrollHeight - list.scrollTop - list.clientHeight < 2),
        "it is at the end",
      );
    },
  },
  {
    sentence: `of ${hostile.length} messages that would run, fetch or break something, all are text`,
    async walk({ ann: { page }, last_seq, post }) {
      await page.evaluate(() => {
        Reflect.set(window, "walkPwned", () => console.error("what somebody wrote has run"));
      });
      for (let from = 0; from < hostile.length; from += 50) await Promise.all(hostile.slice(from, from + 50).map(post));
      await scrollUntil(page, Number.MAX_SAFE_INTEGER, async () => (await lastHeld(page)) > last_seq + hostile.length);
      await page.waitForFunction(() => document.querySelectorAll(".message .text").length > 300);
      const found = await page.evaluate(() => {
        const foreign = "script, img, iframe, object, embed, style, link, base, meta, form:not(.edit-form), input, video, audio, math";
        const list = document.querySelector("#messages");
        const links = [...document.querySelectorAll<HTMLAnchorElement>(".message a")];
        const wide = [...document.querySelectorAll<HTMLElement>(".message")].filter((row) => row.scrollWidth > (list?.clientWidth ?? 0));
        return {
          nodes: [...document.querySelectorAll(".messages__list *")].filter((node) => node.matches(foreign)).length,
          handlers: [...document.querySelectorAll(".messages__list *")].filter((node) =>
            [...node.attributes].some(({ name }) => name.startsWith("on")),
          ).length,
          schemes: links.filter(({ protocol }) => !["http:", "https:", "mailto:"].includes(protocol)).length,
          wide: wide.length + (document.documentElement.scrollWidth > innerWidth ? 1 : 0),
        };
      });
      if (Object.values(found).some((count) => count > 0)) throw new Error(JSON.stringify(found));
    },
  },
  {
    sentence: "what one tab has shown is read in the other within two seconds, and a tab that nobody looks at reads nothing",
    async walk({ ann, room_id, post }) {
      await scrollTo(ann.page, Number.MAX_SAFE_INTEGER);
      await until(async () => (await ann.page.title()).startsWith("#"), "ann has read what came before");
      const other = await ann.context.newPage();
      await other.addInitScript(() => {
        document.hasFocus = () => false;
      });
      await other.goto(new URL(`/r/${room_id}`, ann.page.url()).href);
      await inRoom(other);
      await ann.page.getByRole("button", { name: "Browse channels" }).click();
      await ann.page.getByRole("heading", { name: "Browse channels" }).waitFor();
      for (let i = 0; i < 5; i += 1) await post(`@ann, number ${i}`);
      for (const page of [ann.page, other]) await until(async () => (await page.title()).startsWith("(5) "), "both show five");
      await other.waitForFunction(() => document.querySelectorAll(".message__text").length > 0);
      await other.evaluate(() => new Promise((resolve) => setTimeout(resolve, 1_500))); // three times what makes a message seen
      if (!(await other.title()).startsWith("(5) ")) throw new Error("a tab that nobody looks at has read");
      await ann.page.bringToFront();
      await ann.page.goBack();
      await inRoom(ann.page);
      await until(async () => !(await other.title()).startsWith("("), "the other tab knows it", 4_000); // half a second, a second between acks, and a slow machine
      await other.close();
    },
  },
];

type Row = { seq: number; top: number };

/** The first row that is whole in view, and where it stands. */
const firstRow = (page: Page): Promise<Row> =>
  page.evaluate(() => {
    const top = document.querySelector("#messages")?.getBoundingClientRect().top ?? 0;
    const row = [...document.querySelectorAll<HTMLElement>(".message[data-seq]")].find((one) => one.getBoundingClientRect().top >= top);
    return { seq: Number(row?.dataset["seq"]), top: row?.getBoundingClientRect().top ?? Number.NaN };
  });

async function unmoved(page: Page, { seq, top }: Row): Promise<void> {
  const now = await page.locator(`.message[data-seq="${seq}"]`).evaluate((row) => row.getBoundingClientRect().top);
  if (!(Math.abs(now - top) <= STILL_PX)) throw new Error(`message ${seq} moved from ${top} to ${now}`);
}

const isInView = (page: Page, seq: number): Promise<boolean> =>
  page.locator(`.message[data-seq="${seq}"]`).evaluate((row) => {
    const list = document.querySelector("#messages")?.getBoundingClientRect();
    const at = row.getBoundingClientRect();
    return list !== undefined && at.top >= list.top && at.bottom <= list.bottom;
  });

const seqAt = (page: Page, at: "first" | "last"): Promise<number> =>
  page.evaluate((end) => {
    const rows = document.querySelectorAll<HTMLElement>(".message[data-seq]");
    return Number(rows[end === "first" ? 0 : rows.length - 1]?.dataset["seq"] ?? 0);
  }, at);
const firstHeld = (page: Page): Promise<number> => seqAt(page, "first");
const lastHeld = (page: Page): Promise<number> => seqAt(page, "last");

const scrollTo = (page: Page, top: number): Promise<void> =>
  page.locator("#messages").evaluate((list, to) => {
    list.scrollTop = to;
  }, top);

/** Two frames: one for what the turn has changed, one for what was measured in it. */
const frames = (page: Page): Promise<void> =>
  page.evaluate(() => new Promise<void>((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve()))));

async function scrollUntil(page: Page, to: number, is_there: () => Promise<boolean>): Promise<void> {
  const reached = async (): Promise<boolean> => {
    await scrollTo(page, to);
    await frames(page);
    return is_there();
  };
  await until(reached, `scrolled to ${to}`, 120_000);
}

/** Counts, in the page, which rows were ever there and how many at once. */
async function watchRows(page: Page): Promise<void> {
  await page.evaluate(() => {
    const met = new Set<string>();
    let most = 0;
    const look = (): void => {
      const rows = document.querySelectorAll<HTMLElement>(".message[data-seq]");
      most = Math.max(most, rows.length);
      for (const { dataset } of rows) met.add(dataset["seq"] ?? "");
    };
    look();
    new MutationObserver(look).observe(document.querySelector(".messages__list") ?? document.body, { childList: true });
    Reflect.set(window, "walkRows", () => ({ met: met.size, most }));
  });
}
