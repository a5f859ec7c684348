/** Steps of the walk for who comes back after long: what they see is what a fresh page would show, and nobody shouts at them. */
import type { Page } from "playwright-core";
import type { MessagePage } from "../../server/protocol.ts";
import type { HistoryStep, Library } from "./history.ts";
import { aside, inRoom, type Person, say, sees, signIn } from "./person.ts";
import { postAs } from "./rest.ts";
import { frames, scrollUntil, unreadOf } from "./rows.ts";
import { until } from "./server.ts";
import { type Notice, noteNotices } from "./told.ts";

const AT_ONCE = 25;
const RESUMED_MAX = 2_000; // of more changes the server says `reset`
const AWAY_MS = 10 * 60_000;

export const catchUpSteps: readonly HistoryStep[] = [
  {
    sentence: "26. after ten minutes offline with 500 posts, edits and removals ann's screen equals a fresh load, with one notification at most",
    walk: (library) =>
      comeBack(library, async ({ bob, room_id }) => {
        const earlier = ((await bob.call("GET", `/rooms/${room_id}/messages?limit=100`)) as MessagePage).items;
        const posts = Array.from(
          { length: 300 },
          (_, i) => () => postAs(bob, room_id, i % 10 === 0 ? `@ann, number ${i}` : `while you were away, ${i}`),
        );
        const posted = await inTurns(posts);
        const held = [...earlier.filter(({ removed_at, sender_id }) => removed_at === undefined && sender_id === bob.id), ...posted];
        const edited = held.filter((_, i) => i % 3 === 0).slice(0, 120);
        const removed = held.filter((_, i) => i % 4 === 1).slice(0, 80);
        await inTurns(
          edited.map(
            ({ id }, i) =>
              () =>
                bob.call("PATCH", `/rooms/${room_id}/messages/${id}`, { content: `mended ${i}` }),
          ),
        );
        await inTurns(
          removed.map(
            ({ id }) =>
              () =>
                bob.call("DELETE", `/rooms/${room_id}/messages/${id}`),
          ),
        );
        return { changes: posted.length + edited.length + removed.length, verdict: "resumed" };
      }),
  },
  {
    sentence: "27. after a reset ann's screen equals a fresh load as well, and what she wrote meanwhile is kept and arrives once",
    walk: (library) =>
      comeBack(library, async ({ bob, room_id }) => {
        const posted = await inTurns(Array.from({ length: RESUMED_MAX + 1 }, (_, i) => () => postAs(bob, room_id, `too much to tell, ${i}`)));
        return { changes: posted.length, verdict: "reset" };
      }),
  },
];

type Meanwhile = (library: Library) => Promise<{ changes: number; verdict: "resumed" | "reset" }>;

/** The ten minutes are those of ann's page: its clock is set forward while nothing reaches her. */
async function comeBack(library: Library, meanwhile: Meanwhile): Promise<void> {
  const { browser, proxy } = library;
  const origin = `http://127.0.0.1:${proxy.port}`;
  await aside(browser, "ann, away", origin, (ann) => goAndComeBack(library, ann, origin, meanwhile)).finally(() => proxy.set("pass"));
}

async function goAndComeBack(library: Library, ann: Person, origin: string, meanwhile: Meanwhile): Promise<void> {
  const { proxy, room_id, askAnn, bob } = library;
  const notices: Notice[] = [];
  const verdicts: string[] = [];
  await ann.context.exposeBinding("walkNotice", ({ page: by }, notice: Omit<Notice, "by">) => void notices.push({ ...notice, by }));
  await ann.context.addInitScript(noteNotices);
  await ann.context.clock.install();
  ann.page.on("websocket", (socket) =>
    socket.on("framereceived", ({ payload }) => {
      const verdict = /"type":"synced".*?"verdict":"(\w+)"/u.exec(String(payload))?.[1];
      if (verdict !== undefined) verdicts.push(verdict);
    }),
  );
  await signIn(ann, `${origin}/sign-in`, "ann");
  await ann.page.getByRole("button", { name: "Browse channels" }).click();
  await ann.page.getByRole("heading", { name: "Browse channels" }).waitFor();
  await postAs(bob, room_id, "@ann, before it breaks");
  await until(async () => notices.length === 1, "she can be notified");
  await ann.page.goBack();
  await inRoom(ann.page);
  await ann.page.keyboard.press("Control+End");
  await sees(ann, "@ann, before it breaks");
  await until(async () => (await unreadOf(askAnn, room_id)).unread === 0, "she has read everything");
  await ann.page.goto(`${origin}/r/${room_id}`); // nothing is unread: at the end
  await inRoom(ann.page);
  await sees(ann, "@ann, before it breaks");
  await until(async () => verdicts.length > 0 || notices.length > 0, "she is connected");

  [notices.length, verdicts.length] = [0, 0];
  await lookAway(ann.page, true); // who looks at a room is notified of nothing in it
  proxy.set("cut");
  const mine = ["a thought of mine", "and a second one"];
  for (const text of mine) await say(ann, text);
  const { changes, verdict } = await meanwhile(library);
  if (verdict === "resumed" && changes !== 500) throw new Error(`${changes} changes`);
  await ann.page.clock.fastForward(AWAY_MS);
  await ann.page.getByText("You are offline.").waitFor();
  if ((await pendingOf(ann)).join() !== mine.join()) throw new Error(`pending: ${(await pendingOf(ann)).join()}`);
  proxy.set("pass");
  await ann.page.evaluate(() => void dispatchEvent(new Event("online"))); // "Try now" may be gone under the click: her page tries by itself as well
  await until(async () => (await pendingOf(ann)).length === 0, "what she wrote is stored");
  const { last_seq } = await unreadOf(askAnn, room_id);
  await ann.page.locator(`.message[data-seq="${last_seq}"]`).waitFor();
  await frames(ann.page);
  if (notices.length > 1) throw new Error(`${notices.length} notifications`);
  await lookAway(ann.page, false);
  await until(async () => (await unreadOf(askAnn, room_id)).unread === 0, "she has read everything again");
  await until(async () => verdicts.length > 0, "the server has said how it went"); // her own posts are read before all that came meanwhile is told
  if (!verdicts.includes(verdict)) throw new Error(`the server said ${verdicts.join(", ")} and not ${verdict}`);
  await equalsFresh(library, ann, mine, verdict === "resumed" ? 270 : 60); // after a reset the room is asked for anew; otherwise older rows are held too
}

/** What is held by both pages is the same, row by row, and so is what is in view; each of her own posts is there once. */
async function equalsFresh({ browser, server }: Library, away: Person, mine: readonly string[], least: number): Promise<void> {
  const origin = `http://127.0.0.1:${server.port}`;
  await aside(browser, "ann, afresh", origin, async (fresh) => {
    await signIn(fresh, `${origin}/sign-in`, "ann");
    await sees(fresh, mine.at(-1) ?? "");
    for (const { page } of [away, fresh])
      await until(async () => (await page.locator(".message[data-seq]").count()) >= 80, "there is enough to compare");
    await frames(fresh.page);
    sameRows(await rowsOf(away.page), await rowsOf(fresh.page), 40, true);
    // As far as is compared and no further: a page that holds 400 rows lets go of its end.
    await scrollUntil(fresh.page, 0, async () => (await fresh.page.locator(".message[data-seq]").count()) >= least + 110);
    const came_back = await rowsOf(away.page);
    sameRows(came_back, await rowsOf(fresh.page), least, false);
    const count = came_back.filter(({ words }) => mine.some((text) => words.includes(text))).length;
    if (count !== mine.length) throw new Error(`${count} of her ${mine.length} posts`);
  });
}

/** Throws if rows that are in both differ, or too few are. */
function sameRows(came_back: readonly Row[], loaded: readonly Row[], least: number, in_view: boolean): void {
  const first = Math.max(came_back[0]?.seq ?? 0, loaded[0]?.seq ?? 0) + FOLD; // a fold that is cut tells another number
  const ends = [came_back, loaded].map((rows) => rows.at(-1)?.seq ?? 0);
  if (in_view && ends[0] !== ends[1]) throw new Error(`one ends with ${ends.join(", the other with ")}`);
  const last = Math.min(...ends); // whoever has scrolled far up holds the end no more
  const told = (rows: readonly Row[]): string[] =>
    rows
      .filter(({ seq }) => seq > first && seq <= last)
      .map(({ seq, words, isInView }) => JSON.stringify({ seq, words, ...(in_view && { isInView }) }));
  const [one, other] = [told(came_back), told(loaded)];
  const odd = one.findIndex((row, i) => row !== other[i]);
  if (odd >= 0 || one.length !== other.length) throw new Error(`${one[odd]} instead of ${other[odd]}`);
  if (one.length < least) throw new Error(`only ${one.length} rows are in both`);
}

const FOLD = 12;

type Row = { seq: number; words: string; isInView: boolean };

const rowsOf = (page: Page): Promise<Row[]> =>
  page.evaluate(() => {
    const edge = document.querySelector("#messages")?.getBoundingClientRect().top ?? 0;
    /** Without the bar of whatever row the pointer happens to stand on. */
    const wordsOf = (row: HTMLElement): string =>
      row.innerText.replace(row.querySelector<HTMLElement>(".message__bar")?.innerText || "\u0000", "").trim();
    return [...document.querySelectorAll<HTMLElement>(".message[data-seq]")].map((row) => ({
      seq: Number(row.dataset["seq"]),
      words: wordsOf(row),
      isInView: row.getBoundingClientRect().bottom > edge,
    }));
  });

/** Runs with a page that keeps its focus whatever happens, so it is told that it has none. */
const lookAway = (page: Page, away: boolean): Promise<void> =>
  page.evaluate((isAway) => {
    document.hasFocus = () => !isAway;
    dispatchEvent(new Event(isAway ? "blur" : "focus"));
  }, away);

/** What she wrote and the server does not have, as far as it is on the screen. */
const pendingOf = async ({ page }: Person): Promise<string[]> =>
  (await page.locator(".message[data-state] .message__text p").allTextContents()).map((text) => text.replace("Sending…", "").trim());

async function inTurns<T>(works: readonly (() => Promise<T>)[]): Promise<T[]> {
  const done: T[] = [];
  for (let from = 0; from < works.length; from += AT_ONCE) done.push(...(await Promise.all(works.slice(from, from + AT_ONCE).map((work) => work()))));
  return done;
}
