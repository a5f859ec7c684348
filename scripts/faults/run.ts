/** One run: a load, something that is broken again and again, and in the end everything that was said is held against the store. */
import { check, type Finding } from "./checker.ts";
import type { Chance } from "./chance.ts";
import { createHistory, type Event } from "./history.ts";
import { reachOf } from "./person.ts";
import { openProxy } from "./proxy.ts";
import { createServed, type Served, type Start } from "./server.ts";
import { setStage } from "./stage.ts";

/** What is broken: once after each pause of `pause_ms` and up to `spread_ms` more. Gives how long it took until the server answered again. */
export type Injector = { pause_ms: number; spread_ms: number; inject(served: Served): Promise<Start | null> };

export const kills: Injector = {
  pause_ms: 150,
  spread_ms: 500,
  async inject(served) {
    await served.kill();
    await served.start();
    return served.starts.at(-1) ?? null;
  },
};

/** For what breaks by itself. */
export const nothing: Injector = { pause_ms: 150, spread_ms: 500, inject: async () => null };

export type Plan = {
  executable: string;
  database_url: string | null;
  injector: Injector;
  times: number;
  /** Goes on beyond `times`, up to eight times as often, until so many replies have been told. */
  replies: number;
  chance: Chance;
};
export type Outcome = {
  injected: number;
  posts: number;
  replies: number;
  open: number;
  resets: number;
  /** What each injection gave. */
  recoveries: Start[];
  findings: Finding[];
  /** Broken promises that are no verdict of the checker: answers that confess a bug, a server that ended by itself or fell silent. */
  failures: string[];
  /** As the senders found it. */
  slowest_ms: number;
  unanswered: number;
  events: readonly Event[];
};

export async function run({ executable, database_url, injector, times, replies, chance }: Plan): Promise<Outcome> {
  const served = createServed({ executable, database_url });
  const proxy = await openProxy(served.port);
  const history = createHistory();
  const reach = reachOf(served.url);
  const failures: string[] = [];
  try {
    await served.start();
    const stage = await setStage({ served, reach, proxy, chance, history });
    reach.tally.unanswered = 0;
    const life = { going: true };
    const living = Promise.all(stage.lives.map((live) => live(life)));
    living.catch(() => {}); // told below
    const running = Promise.all(stage.senders.map((sender) => sender.run()));
    const told = (): number => stage.senders.reduce((sum, sender) => sum + sender.replies(), 0);

    const recoveries: Start[] = [];
    let injected = 0;
    for (; injected < times || (told() < replies && injected < times * OFTENER); injected += 1) {
      const due = told() + replies / (times * OFTENER);
      await Bun.sleep(injector.pause_ms + chance.below(injector.spread_ms));
      // Where fewer are told in that time, the machine has little for us: what is broken is broken in the middle of a load all the same.
      for (const until = performance.now() + PATIENCE_MS; told() < due && performance.now() < until && served.isAlive();) await Bun.sleep(20);
      if (!served.isAlive()) {
        failures.push(`the server ended by itself: ${served.log()}`);
        await served.start();
      }
      history.note({ op: "kill" });
      const recovery = await injector.inject(served);
      history.note({ op: "restart" });
      if (recovery !== null) recoveries.push(recovery);
    }
    await Bun.sleep(300);
    for (const sender of stage.senders) sender.stop();
    await running;
    life.going = false;
    await living;
    const { slowest_ms, unanswered } = reach.tally;

    if (!(await answers(served.url))) {
      failures.push(`the server does not answer after the load: ${served.log()}`);
      await served.kill();
      await served.start();
    }
    const final = await stage.final();
    if (reach.tally.internal > 0) failures.push(`${reach.tally.internal} answers were "internal": ${served.log()}`);
    const { events } = history;
    return {
      injected,
      posts: events.filter(({ op }) => op === "post").length,
      replies: told(),
      open: stage.senders.reduce((sum, sender) => sum + sender.open(), 0),
      resets: events.filter((event) => event.op === "verdict" && event.verdict === "reset").length,
      recoveries,
      findings: check(events, final),
      failures,
      slowest_ms,
      unanswered,
      events,
    };
  } finally {
    await proxy.close();
    await served.stop();
  }
}

const OFTENER = 8;
const PATIENCE_MS = 5_000; // a server that tells nobody anything for so long has told too little in the end, and that is a failure
const READY_WITHIN_MS = 10_000;

async function answers(url: string): Promise<boolean> {
  for (const until = performance.now() + READY_WITHIN_MS; performance.now() < until;) {
    const answer = await fetch(`${url}/ready`, { signal: AbortSignal.timeout(READY_WITHIN_MS) }).catch(() => null);
    if (answer?.ok) return true;
    await Bun.sleep(50);
  }
  return false;
}
