/** Where the rows of a room stand on the screen, and how one scrolls among them. */
import type { Page } from "playwright-core";
import type { Mine, Room } from "../../server/protocol.ts";
import type { Asker } from "./rest.ts";
import { until } from "./server.ts";

/** How far a row may move that should not. */
export const STILL_PX = 1;

export type Row = { seq: number; top: number };

/** Runs in the page: the first row that is whole in view, and where it stands. */
export function firstRowHere(): Row {
  const top = document.querySelector("#messages")?.getBoundingClientRect().top ?? 0;
  const row = [...document.querySelectorAll<HTMLElement>(".message[data-seq]")].find((one) => one.getBoundingClientRect().top >= top);
  return { seq: Number(row?.dataset["seq"]), top: row?.getBoundingClientRect().top ?? Number.NaN };
}
export const firstRow = (page: Page): Promise<Row> => page.evaluate(firstRowHere);

export async function unmoved(page: Page, { seq, top }: Row): Promise<void> {
  const now = await page.locator(`.message[data-seq="${seq}"]`).evaluate((row) => row.getBoundingClientRect().top);
  if (!(Math.abs(now - top) <= STILL_PX)) throw new Error(`message ${seq} moved from ${top} to ${now}`);
}

export const isInView = (page: Page, seq: number): Promise<boolean> =>
  page.locator(`.message[data-seq="${seq}"]`).evaluate((row) => {
    const list = document.querySelector("#messages")?.getBoundingClientRect();
    const at = row.getBoundingClientRect();
    return list !== undefined && at.top >= list.top && at.bottom <= list.bottom;
  });

/** Runs in the page. */
export const firstHeldHere = (): number => Number(document.querySelector<HTMLElement>(".message[data-seq]")?.dataset["seq"] ?? 0);
export const firstHeld = (page: Page): Promise<number> => page.evaluate(firstHeldHere);
export const lastHeld = (page: Page): Promise<number> =>
  page.evaluate(() => Number([...document.querySelectorAll<HTMLElement>(".message[data-seq]")].at(-1)?.dataset["seq"] ?? 0));

export const scrollTo = (page: Page, top: number): Promise<void> =>
  page.locator("#messages").evaluate((list, to) => {
    list.scrollTop = to;
  }, top);

/** Runs in the page. Two frames: one for what the turn has changed, one for what was measured in it. */
export const framesHere = (): Promise<void> => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve())));
export const frames = (page: Page): Promise<void> => page.evaluate(framesHere);

export async function scrollUntil(page: Page, to: number, is_there: () => Promise<boolean>, limit_ms = 120_000): Promise<void> {
  const reached = async (): Promise<boolean> => {
    await scrollTo(page, to);
    await frames(page);
    return is_there();
  };
  await until(reached, `scrolled to ${to}`, limit_ms);
}

/** What the server says is unread to this person, and where the room ends. */
export async function unreadOf({ call }: Asker, room_id: string): Promise<{ unread: number; last_seq: number }> {
  const { last_seq, me } = (await call("GET", `/rooms/${room_id}`)) as Room & { me: Mine };
  return { unread: me.unread, last_seq };
}
