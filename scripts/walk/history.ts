/** Steps of the walk in a room with a long history: where it opens, what moves, what is met, and how much the page holds. */
import type { Browser } from "playwright-core";
import type { List, Message } from "../../server/protocol.ts";
import { catchUpSteps } from "./catch-up.ts";
import type { Filled } from "./library.ts";
import { composer, inRoom, type Person, sees } from "./person.ts";
import type { Proxy } from "./proxy.ts";
import { firstHeld, firstRow, frames, scrollTo, scrollUntil, unmoved, unreadOf } from "./rows.ts";
import { until, type Walked } from "./server.ts";
import { spokenSteps } from "./spoken.ts";
import { textSteps } from "./text.ts";
import { meetAll, ROWS_MAX } from "./whole.ts";

export type Library = Filled & { browser: Browser; server: Walked; proxy: Proxy; ann: Person };
export type HistoryStep = { sentence: string; walk: (library: Library) => Promise<void> };

export const UNREAD = 60;

export const historySteps: readonly HistoryStep[] = [
  {
    sentence: `19. a room with ${UNREAD} unread opens with "New" above the right message, a third down`,
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
    sentence: '21. "New" stays where it is while ten messages arrive, and goes on Esc, which reads the room',
    async walk({ ann, last_seq, post, askAnn, room_id }) {
      const { page } = ann;
      const line = page.locator(".messages__new");
      const where = () =>
        line.evaluate((one) => [one.nextElementSibling?.getAttribute("data-seq"), Math.round(one.getBoundingClientRect().top)].join(" at "));
      const before = await where();
      for (let i = 0; i < 10; i += 1) await post(`meanwhile ${i}`);
      // what stands below the line has been seen by then, and that moves it as little
      const isSeen = async (): Promise<boolean> => (await unreadOf(askAnn, room_id)).unread < UNREAD + 10;
      await until(isSeen, "what is in view has been read");
      await until(async () => (await unreadOf(askAnn, room_id)).last_seq === last_seq + 10, "ten have come");
      await until(async () => /^\d+ new$/u.test(await page.locator(".messages__newest").innerText()), "they are counted");
      await frames(page);
      if ((await where()) !== before) throw new Error(`from ${before} to ${await where()}`);
      await page.keyboard.press("Escape");
      await until(async () => (await line.count()) === 0, "it goes");
      await until(async () => (await unreadOf(askAnn, room_id)).unread === 0, "the room is read");
    },
  },
  {
    sentence: "22. to ann, who reads further up, what arrives or grows late moves nothing; a sign counts it and leads to it",
    async walk({ ann: { page }, post }) {
      const before = await firstRow(page);
      await post("further below");
      await page.getByRole("button", { name: "1 new" }).waitFor({ timeout: 5_000 });
      await post("far below");
      await page.getByRole("button", { name: "2 new" }).waitFor({ timeout: 5_000 });
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
    sentence: "25. bob's edits and removals show at ann's in place, node and all, and move nothing",
    walk: changeInPlace,
  },
  {
    sentence: "23. older rows of uneven height move the one that is read by no more than a pixel",
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
    sentence: `24. a message's address leads into the middle; from there either way every message is met once, and there are never more than ${ROWS_MAX} rows`,
    walk: meetAll,
  },
  {
    sentence: "the address of a message that never was is not available",
    async walk({ ann: { page }, room_id, last_seq }) {
      await page.goto(new URL(`/r/${room_id}/${last_seq * 2}`, page.url()).href);
      await page.getByRole("heading", { name: "This message is not available." }).waitFor();
    },
  },
  {
    sentence: "7. a reload keeps the sign-in, the room, the draft, and the first row in view to a pixel",
    async walk({ ann: { page }, room_id, last_seq }) {
      await page.goto(new URL(`/r/${room_id}`, page.url()).href);
      await inRoom(page);
      await frames(page);
      await scrollUntil(page, 0, async () => (await firstHeld(page)) < last_seq - 150);
      await scrollTo(page, 2_000);
      await frames(page);
      await composer(page).fill("half a thought");
      const before = await firstRow(page);
      await page.reload();
      await page.locator(`.message[data-seq="${before.seq}"]`).waitFor();
      await frames(page);
      await unmoved(page, before);
      if ((await composer(page).inputValue()) !== "half a thought") throw new Error("the draft is gone");
      if (!page.url().endsWith(`/r/${room_id}`)) throw new Error(`it opens ${page.url()}`);
      await composer(page).fill("");
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
  ...spokenSteps,
  ...catchUpSteps,
  ...textSteps,
];

/** Rows above the view, in it and below it are edited longer and shorter, and removed. */
async function changeInPlace({ ann: { page }, bob, room_id, last_seq }: Library): Promise<void> {
  await scrollUntil(page, 0, async () => (await firstHeld(page)) < last_seq - 120);
  await scrollTo(page, 2_500);
  await frames(page);
  const before = await firstRow(page);
  const { items } = (await bob.call("GET", `/rooms/${room_id}/messages?around_seq=${before.seq}&limit=40`)) as List<Message>;
  const at = items.findIndex(({ seq }) => seq === before.seq);
  const nodes = await page.evaluateHandle(
    () => new Map([...document.querySelectorAll(".message[data-seq]")].map((row) => [row.getAttribute("data-seq"), row])),
  );
  const changes = [-6, -3, 2, 5].flatMap((by) => items[at + by] ?? []);
  const gone = [-5, -2, 3].flatMap((by) => items[at + by] ?? []);
  if (changes.length + gone.length !== 7) throw new Error(`too few messages around ${before.seq}`);
  for (const [i, { id }] of changes.entries()) {
    await bob.call("PATCH", `/rooms/${room_id}/messages/${id}`, { content: `mended ${i} ${"and longer than it was before ".repeat((i % 2) * 20)}` });
  }
  for (const { id } of gone) await bob.call("DELETE", `/rooms/${room_id}/messages/${id}`);
  const row = (seq: number) => page.locator(`.message[data-seq="${seq}"]`);
  for (const [i, { seq }] of changes.entries())
    await row(seq)
      .filter({ hasText: `mended ${i}` })
      .filter({ hasText: "(edited)" })
      .waitFor();
  for (const { seq } of gone) await row(seq).filter({ hasText: "Message removed" }).waitFor();
  await frames(page);
  await unmoved(page, before);
  for (const { seq } of [...changes, ...gone]) {
    const isSame = await nodes.evaluate((held, key) => held.get(key) === document.querySelector(`.message[data-seq="${key}"]`), String(seq));
    if (!isSame) throw new Error(`message ${seq} was drawn anew`);
  }
}
