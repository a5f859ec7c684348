/**
 * The longest room there is, read from its end to its beginning and back: every message is met once each way, and the page never holds more
 * than it may. A step of the long form: it takes minutes. Closes with `N passed, N failed`.
 *
 *   bun run scripts/walk/whole-history.ts [PATH of a conversation, as `bun run seed` takes it]
 */
import { join, resolve } from "node:path";
import type { Page } from "playwright-core";
import { openReport } from "../check/report.ts";
import { openBrowser } from "./browser.ts";
import { ROWS_MAX } from "./figure-bounds.ts";
import { CONVERSATION, type Seeded, startSeeded } from "./seeded.ts";

type Way = "back" | "on";
/** `missed` and `again` are seqs, the first few. */
type Walked = { met: number; missed: number[]; again: number[]; most: number };

const PAGES_AT_ONCE = 100; // asked of the page in one call, which must not last for minutes

const report = openReport("whole-history");
const seeded = await startSeeded(join(resolve(import.meta.dir, "../.."), "dist/snug"), process.argv[2] ?? CONVERSATION);
const browser = await openBrowser();
let failed = 0;
try {
  const page = await (await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: "en-GB", serviceWorkers: "block" })).newPage();
  await open(page, seeded);
  for (const way of ["back", "on"] as const) tell(way, await walk(page, way, seeded.long.last_seq));
} finally {
  await browser.close();
  await seeded.stop();
}
console.log(`${2 - failed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);

function tell(way: Way, { met, missed, again, most }: Walked): void {
  const whole = seeded.long.last_seq;
  const sentence = `scrolling ${way === "back" ? "back to the beginning" : "on to the end"} meets each of ${whole.toLocaleString("en")} messages once`;
  const isWhole = met === whole && missed.length === 0 && again.length === 0 && most <= ROWS_MAX;
  const fault = isWhole ? null : `met ${met}, missed ${missed.join()}, again ${again.join()}, ${most} at once`;
  failed += isWhole ? 0 : 1;
  report.add(sentence, fault);
  console.log(isWhole ? `ok     ${sentence}` : `FAILED ${sentence}: ${fault}`);
}

async function open(page: Page, { origin, username, password, long }: Seeded): Promise<void> {
  await page.goto(`${origin}/sign-in`);
  await page.getByLabel("Username").fill(username);
  await page.getByRole("textbox", { name: "Password" }).fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.locator("#room-name").waitFor();
  await page.goto(`${origin}/r/${long.id}`);
  await page.locator(`.message[data-seq="${long.last_seq}"]`).waitFor();
}

async function walk(page: Page, way: Way, last_seq: number): Promise<Walked> {
  await page.evaluate(watchEntering, last_seq);
  while (!(await page.evaluate(scroll, { way, last_seq, pages: PAGES_AT_ONCE })));
  return page.evaluate((): Walked => Reflect.get(window, "entered")());
}

/** Runs in the page: counts for each seq how often its row came into the page. */
function watchEntering(last_seq: number): void {
  const times = new Uint8Array(last_seq + 1);
  let held = new Set<number>();
  let most = 0;
  const look = (): void => {
    const seqs = [...document.querySelectorAll<HTMLElement>(".message[data-seq]")].map(({ dataset }) => Number(dataset["seq"]));
    const now = new Set(seqs);
    most = Math.max(most, seqs.length);
    for (const seq of now) if (!held.has(seq)) times[seq] = (times[seq] ?? 0) + 1;
    held = now;
  };
  look();
  const observer = new MutationObserver(look);
  observer.observe(document.querySelector(".messages__list") ?? document.body, { childList: true });
  Reflect.set(window, "entered", (): Walked => {
    observer.disconnect();
    const seqs = [...times.keys()].slice(1);
    const of = (is: (count: number) => boolean): number[] => seqs.filter((seq) => is(times[seq] ?? 0));
    return {
      met: of((count) => count > 0).length,
      missed: of((count) => count === 0).slice(0, 5),
      again: of((count) => count > 1).slice(0, 5),
      most,
    };
  });
}

/** Runs in the page: goes this way for some pages, asking again at every frame; true at the end of it. */
async function scroll({ way, last_seq, pages }: { way: Way; last_seq: number; pages: number }): Promise<boolean> {
  const list = document.querySelector("#messages");
  const edge = (): number => {
    const rows = document.querySelectorAll<HTMLElement>(".message[data-seq]");
    return Number(rows[way === "back" ? 0 : rows.length - 1]?.dataset["seq"]);
  };
  const end = way === "back" ? 1 : last_seq;
  const frame = (): Promise<unknown> => new Promise((resolve) => requestAnimationFrame(resolve));
  for (let i = 0; i < pages && edge() !== end; i += 1) {
    const before = edge();
    for (let turn = 0; edge() === before; turn += 1) {
      if (list) list.scrollTop = way === "back" ? (list.scrollTop < 70 ? 80 : 60) : list.scrollHeight - (turn % 2 === 0 ? 0 : 20);
      await frame();
    }
  }
  return edge() === end;
}
