/** Runs of two instances over one Postgres: trials of each kind, one run a kind, and everything that was said held against the store. */
import { join, resolve } from "node:path";
import { SQL } from "bun";
import { startTestPostgres } from "../../server/testing/postgres-server.ts";
import { createChance } from "./chance.ts";
import { openReport, type Report } from "../check/report.ts";
import { check, type Finding, verdicts } from "./checker.ts";
import { asLines, createHistory } from "./history.ts";
import { openPair } from "./instances/pair.ts";
import { setStage } from "./instances/stage.ts";
import { type Kind, KINDS, type Trial, trial } from "./instances/trials.ts";

/** What each trial must keep, in milliseconds; a trial that does not ask for it gives null. */
const limits: readonly { sentence: string; most_ms: number; of(trial: Trial): number | null }[] = [
  { sentence: "a post at the other instance is stored", most_ms: 10_000, of: ({ stored_ms }) => stored_ms },
  { sentence: "the sockets of both hold every row without another post", most_ms: 5_000, of: ({ level_ms }) => level_ms },
  { sentence: "those of the other instance do", most_ms: 5_000, of: ({ level_one_ms }) => level_one_ms },
  { sentence: "nobody is a ghost after two heartbeats", most_ms: 9_000, of: ({ ghost_ms }) => ghost_ms }, // of 3 s, a look of 1 s, and a busy machine
  { sentence: "both say the same of who is here", most_ms: 9_000, of: ({ agreed_ms }) => agreed_ms },
  { sentence: "a right ended at one ends the socket at the other", most_ms: 2_000, of: ({ revoked_ms }) => revoked_ms },
];

/** True when nothing was found. */
export async function runInstances(executable: string, trials: number, seed: number, only: string): Promise<boolean> {
  const kinds = KINDS.filter((kind) => only === "" || kind === only);
  if (kinds.length === 0) throw new Error(`--only is one of ${KINDS.join(", ")}`);
  const postgres = await startTestPostgres([]);
  const report = openReport("instances");
  let clean = true;
  try {
    for (const kind of kinds) clean = (await runKind(kind, { executable, url: postgres.url, trials, seed, report })) && clean;
  } finally {
    await postgres.stop();
  }
  return clean;
}

type Plan = { executable: string; url: string; trials: number; seed: number; report: Report };

async function runKind(kind: Kind, { executable, url, trials, seed, report }: Plan): Promise<boolean> {
  const chance = createChance(seed);
  const history = createHistory();
  await using admin = new SQL(url, { max: 1 });
  await admin.unsafe(`CREATE DATABASE instances_${kind}`);
  const pair = await openPair(executable, url.replace(/\/postgres(\?|$)/u, `/instances_${kind}$1`));
  try {
    const stage = await setStage(pair, chance, history);
    const life = { going: true };
    const living = Promise.all(stage.lives.map((live) => live(life)));
    living.catch(() => {}); // told below
    const done: Trial[] = [];
    for (let i = 0; i < trials; i += 1) done.push(await trial(kind, pair, stage, chance, history));
    life.going = false;
    await living;
    const findings = check(history.events, await stage.final());
    const replies = history.events.filter(({ op }) => op === "stored").length;
    console.log(`two instances, ${kind}: ${done.length} trials, ${replies} replies, ${findings.length} verdicts`);
    const holds = [tellFindings(kind, findings, report), tellTrials(kind, done, report)];
    const { internal } = pair.roaming.tally;
    if (internal > 0) console.log(`  ${internal} answers were "internal": ${pair.one.log()}${pair.two.log()}`);
    report.add(`${kind}, two instances: no answer confesses a bug`, internal === 0 ? null : String(internal));
    if (findings.length > 0)
      await Bun.write(join(resolve(import.meta.dir, "../../reports"), `faults-instances-${kind}.jsonl`), asLines(history.events));
    return internal === 0 && holds.every(Boolean);
  } finally {
    await pair.stop();
  }
}

function tellFindings(kind: Kind, findings: readonly Finding[], report: Report): boolean {
  for (const verdict of verdicts) {
    const some = findings.filter((one) => one.verdict === verdict);
    for (const { room_id, what } of some.slice(0, 5)) console.log(`  ${verdict} (1 of ${some.length}) ${room_id}: ${what}`);
    report.add(`${kind}, two instances: nothing ${verdict}`, some[0]?.what ?? null);
  }
  return findings.length === 0;
}

function tellTrials(kind: Kind, done: readonly Trial[], report: Report): boolean {
  let holds = true;
  for (const { sentence, most_ms, of } of limits) {
    const sorted = done
      .map(of)
      .filter((ms) => ms !== null)
      .toSorted((a, b) => a - b);
    const slowest = sorted.at(-1);
    if (slowest === undefined) continue;
    const found = `p50 ${Math.round(sorted[Math.floor(sorted.length / 2)] ?? 0)} ms, most ${Math.round(slowest)} ms`;
    console.log(`  ${slowest <= most_ms ? "ok  " : "FAIL"} ${sentence}: ${found}`);
    report.add(`${kind}, two instances: ${sentence} within ${most_ms / 1_000} s`, slowest <= most_ms ? null : found);
    holds &&= slowest <= most_ms;
  }
  return holds;
}
