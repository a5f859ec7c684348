/**
 * Breaks things under load and holds everything that was said against what is stored.
 *
 *   bun run faults [--kills 50] [--restarts 10] [--store sqlite|postgres|both] [--seed N] [--executable PATH]
 *   bun run faults --mutants        broken promises, kept as patches, must be caught
 *   bun run faults --instances 2 [--trials 20] [--only listener|cut|kill|partition]   two processes over one Postgres: in mid-burst the
 *                                           listeners ended, one cut off for 0.3 s, one killed, one in a black hole for 5 s
 *   bun run faults --instances 3 [--trials 20]   three of them, taken down one after another in a burst, with nobody bound to any
 *   bun run faults --stalls [--only NAME]   readers that stall, peers that fall silent, floods, and being told to stop
 *   bun run faults --outages [--only NAME]  a full disk, Postgres away, the clock set: what comes back by itself (Linux, with cc)
 *   bun run faults --storms [--only NAME]   three thousand sockets that come back at once, a thousand hearers of a thousand posts, a hot room of Postgres
 *   bun run faults --deliveries [--events 10000] [--store …] [--only NAME]   webhooks: an ill endpoint beside healthy ones; three kills while it delivers
 *
 * The executable, 16 senders in 4 rooms by socket and by REST, twins, edits, removals, joins and leaves among them, hearers with different
 * outages; Postgres in a cluster of its own with default durability. It is killed at random moments, `--kills` times on each store and on until
 * there are a thousand replies a kill; then, with Snug alive, Postgres is ended and started again `--restarts` times. Exits with 1 on any
 * verdict or other failure, or when a killed server's first 200 comes later than 500 ms. The events of a run that failed are left in reports/.
 *
 * Of a hundred starts and more the slowest hundredth is judged, of fewer the slowest tenth, since a hundredth of them would be one. What its thread
 * stood in line for a processor does not count: that is what else runs on this machine, and one step of the gate beside another is enough for seconds.
 * A wait of its own does, for a file, a lock or the database. In the long form the step has a line for itself.
 */
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { SQL } from "bun";
import { startTestPostgres, type TestPostgres } from "../server/testing/postgres-server.ts";
import { openReport } from "./check/report.ts";
import { createChance } from "./faults/chance.ts";
import { verdicts } from "./faults/checker.ts";
import { runDeliveries } from "./faults/deliveries.ts";
import { asLines } from "./faults/history.ts";
import { runInstances } from "./faults/instances.ts";
import { runMutants } from "./faults/mutants.ts";
import { runOutages } from "./faults/outages.ts";
import { runRolling } from "./faults/rolling.ts";
import { type Injector, kills as killing, type Outcome, run } from "./faults/run.ts";
import { runStalls } from "./faults/stalls.ts";
import { runStorms } from "./faults/storms.ts";

const options = {
  kills: { type: "string", default: "50" },
  restarts: { type: "string", default: "10" },
  store: { type: "string", default: "both" },
  seed: { type: "string" },
  executable: { type: "string" },
  mutants: { type: "boolean", default: false },
  stalls: { type: "boolean", default: false },
  outages: { type: "boolean", default: false },
  deliveries: { type: "boolean", default: false },
  storms: { type: "boolean", default: false },
  events: { type: "string", default: "10000" },
  instances: { type: "string", default: "1" },
  trials: { type: "string", default: "20" },
  only: { type: "string", default: "" },
} as const;
const { values } = parseArgs({ options });
const kills = Number(values.kills);
const restarts = Number(values.restarts);
const seed = Number(values.seed ?? Math.floor(Math.random() * 4_294_967_296));
const executable = resolve(values.executable ?? resolve(import.meta.dir, "../dist/snug"));
const REPLIES_A_KILL = 1_000;
const START_MAX_MS = 500;
const ANSWERED_WITHIN_MS = 5_500; // the store gives up after 5 s; the rest is the way there and back on a busy machine

console.log(`seed ${seed}`);
if (values.mutants) {
  const { caught, of, clean } = await runMutants(seed);
  console.log(`${caught} of ${of}${clean ? "" : ", and a finding where none is due"}`);
  process.exit(caught === of && clean ? 0 : 1);
}
if (values.outages) process.exit((await runOutages(executable, values.only)) ? 0 : 1);
if (values.storms) process.exit((await runStorms(executable, values.only)) ? 0 : 1);
if (values.deliveries)
  process.exit((await runDeliveries(executable, { events: Number(values.events), seed, store: values.store, only: values.only })) ? 0 : 1);
if (values.instances === "2") process.exit((await runInstances(executable, Number(values.trials), seed, values.only)) ? 0 : 1);
if (values.instances === "3") process.exit((await runRolling(executable, Number(values.trials), seed)) ? 0 : 1);
if (values.stalls) process.exit((await runStalls(executable, values.only)) ? 0 : 1);

const report = openReport("faults");
const total = { replies: 0, kills: 0, findings: 0, failures: 0 };
if (values.store !== "postgres") await killed("sqlite", null);
if (values.store !== "sqlite") {
  const postgres = await startTestPostgres([]);
  try {
    await killed("postgres", await newDatabase(postgres, "kills"));
    if (restarts > 0) await restarted(postgres, await newDatabase(postgres, "restarts"));
  } finally {
    await postgres.stop();
  }
}
console.log(
  `faults: ${total.replies} replies, ${total.kills} kills, ${total.findings} verdicts${total.failures === 0 ? "" : `, ${total.failures} other failures`}`,
);
process.exit(total.findings + total.failures === 0 ? 0 : 1);

async function killed(name: string, database_url: string | null): Promise<void> {
  const replies = kills * REPLIES_A_KILL;
  const outcome = await run({ executable, database_url, injector: killing, times: kills, replies, chance: createChance(seed) });
  total.kills += outcome.injected;
  const [all, own] = [outcome.recoveries.map(({ ms }) => ms), outcome.recoveries.map(({ ms, queued_ms }) => ms - queued_ms)];
  const part = own.length < 100 ? 0.9 : 0.99;
  const slow = share(own, part);
  if (slow >= START_MAX_MS) outcome.failures.push(`starts too slowly: p${part * 100} ${slow} ms`);
  if (outcome.replies < replies) outcome.failures.push(`${outcome.replies} replies are too few to say anything`);
  const found = `first 200 after p50 ${share(own, 0.5)} ms, p${part * 100} ${slow} ms; with the line for a processor ${share(all, 0.5)} and ${share(all, part)} ms`;
  await tell(name, "kills", outcome, found);
}

async function restarted(postgres: TestPostgres, database_url: string): Promise<void> {
  const injector: Injector = {
    pause_ms: 1_500,
    spread_ms: 2_500,
    async inject({ url }) {
      await postgres.restart();
      const back = performance.now();
      while (!(await fetch(`${url}/ready`).catch(() => null))?.ok) await Bun.sleep(5);
      return { ms: performance.now() - back, queued_ms: 0 };
    },
  };
  const outcome = await run({ executable, database_url, injector, times: restarts, replies: 0, chance: createChance(seed) });
  const slowest = Math.round(outcome.slowest_ms);
  if (slowest > ANSWERED_WITHIN_MS) outcome.failures.push(`an answer took ${slowest} ms`);
  if (outcome.unanswered > 0) outcome.failures.push(`${outcome.unanswered} requests were not answered`);
  const again = outcome.recoveries.map(({ ms }) => ms);
  const found = `ready again after p50 ${share(again, 0.5)} ms, p99 ${share(again, 0.99)} ms; slowest answer ${slowest} ms`;
  await tell("postgres", "restarts of Postgres", outcome, found);
}

async function tell(name: string, injector: string, outcome: Outcome, found: string): Promise<void> {
  const { injected, posts, replies, open, resets, findings, failures, events } = outcome;
  console.log(`${name}: ${injected} ${injector}, ${posts} posts, ${replies} replies, ${open} open, ${resets} resets; ${found}`);
  for (const [verdict, some] of Map.groupBy(findings, (one) => one.verdict)) {
    console.log(`  ${verdict}: ${some.length}`);
    for (const { room_id, what } of some.slice(0, 5)) console.log(`    ${room_id}: ${what}`);
  }
  for (const failure of failures) console.log(`  ${failure}`);
  for (const verdict of verdicts) {
    const [first] = findings.filter((one) => one.verdict === verdict);
    report.add(`${injector} under load, ${name}: nothing ${verdict}`, first === undefined ? null : `${first.room_id}: ${first.what}`);
  }
  report.add(`${injector} under load, ${name}: it answers again in time, and is asked enough`, failures[0] ?? null);
  total.replies += replies;
  total.findings += findings.length;
  total.failures += failures.length;
  if (findings.length > 0) await Bun.write(resolve(import.meta.dir, `../reports/faults-${name}.jsonl`), asLines(events));
}

function share(numbers: readonly number[], part: number): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0);
}

async function newDatabase({ url }: TestPostgres, name: string): Promise<string> {
  const admin = new SQL(url, { max: 1 });
  await admin.unsafe(`CREATE DATABASE ${name}`);
  await admin.close();
  return url.replace(/\/postgres(\?|$)/u, `/${name}$1`);
}
