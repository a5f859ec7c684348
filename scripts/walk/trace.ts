/**
 * What the page's main thread did while something was done to it, from Chromium's own trace. Times are of the thread's own work: while others
 * have the processor it does none.
 */
import type { Browser, Page } from "playwright-core";

type Event = {
  name: string;
  ph: string;
  pid: number;
  tid: number;
  ts: number;
  dur?: number;
  tdur?: number;
  args?: { name?: string; data?: { type?: string } };
};
export type Trace = {
  /** The longest task, in ms. */
  longest: number;
  /** For each key: what the thread worked from its event to the end of its frame's paint, in ms. */
  keys: number[];
};

const CATEGORIES = ["toplevel", "devtools.timeline", "disabled-by-default-devtools.timeline", "__metadata"];

export async function traced(browser: Browser, page: Page, work: () => Promise<void>): Promise<Trace> {
  await browser.startTracing(page, { categories: CATEGORIES });
  await work();
  const { traceEvents }: { traceEvents: Event[] } = JSON.parse((await browser.stopTracing()).toString());
  const mains = traceEvents.filter(({ name, args }) => name === "thread_name" && args?.name === "CrRendererMain");
  const threads = mains.map(({ pid, tid }) => threadOf(traceEvents.filter((event) => event.pid === pid && event.tid === tid)));
  const [busiest] = threads.sort((a, b) => b.keys.length - a.keys.length || b.longest - a.longest);
  if (!busiest) throw new Error("the trace names no main thread");
  return busiest;
}

function threadOf(all: readonly Event[]): Trace {
  const events = all.filter(({ ph }) => ph === "X").sort((a, b) => a.ts - b.ts);
  const tasks = events.filter(({ name }) => name === "RunTask");
  const paints = events.filter(({ name }) => name === "Commit" || name === "Paint");
  const keys = events
    .filter(({ name, args }) => name === "EventDispatch" && args?.data?.type === "keydown")
    .map(({ ts }) => worked(tasks, ts, paintAfter(paints, ts)));
  return { longest: Math.max(0, ...tasks.map(workOf)) / 1_000, keys };
}

/** When the first frame that began its painting after this was ready. */
function paintAfter(paints: readonly Event[], ts: number): number {
  const first = paints.find((paint) => paint.ts >= ts);
  const commit = paints.find((paint) => paint.name === "Commit" && paint.ts >= (first?.ts ?? ts));
  const last = commit ?? first;
  return last ? last.ts + (last.dur ?? 0) : ts;
}

function worked(tasks: readonly Event[], from: number, to: number): number {
  const pieces = tasks.map((task) => {
    const { ts, dur = 0 } = task;
    const within = Math.max(0, Math.min(ts + dur, to) - Math.max(ts, from));
    return within === 0 ? 0 : (workOf(task) * within) / dur;
  });
  return pieces.reduce((sum, piece) => sum + piece, 0) / 1_000;
}

const workOf = ({ dur = 0, tdur = dur }: Event): number => tdur;
