/**
 * Measures the executable beside bare programs of the same shape, and writes docs/performance.md.
 *
 *   bun run load [--only ingest,fan-out] [--store sqlite|postgres] [--rounds 3] [--seconds 8] [--warm 2] [--again 2] [--tries 3] [--quick]
 *     [--executable PATH] [--profile FOLDER | --where] [--page] [--out docs/performance.md]
 *
 * Every acknowledged post is audited in the database; every frame that was delivered is compared with what was posted. Exits with 1 when a run was void: a
 * wrong answer, a generator above 85 % of its core, bare rounds more than 15 % apart. What is void without a wrong answer is measured anew, up to
 * `--tries` times in all, and the last is told. A target that is missed is told, and is no failure of the measurement. What was measured is kept in
 * out/load by scenario, so a run may be made in parts; `--out` writes the page from all that is kept, `--page` measures nothing before that. `--quick` is
 * for the gate: it shows that the measuring works, and keeps nothing. With `--profile` Snug is run from its sources and leaves a profile of its processor
 * time for each sample. With `--where` it is found out by `perf` how much of the time is the kernel's, Bun's, the database's and our own script's, beside
 * bare; that is kept in place of figures.
 */
import { tmpdir } from "node:os";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { startTestPostgres } from "../server/testing/postgres-server.ts";
import { backMemory } from "./load/backed.ts";
import { keep } from "./load/kept.ts";
import { writePage } from "./load/page.ts";
import { installPeers } from "./load/peers.ts";
import { type Bench, measure, type Outcome } from "./load/rounds.ts";
import type { Scenario } from "./load/scenario.ts";
import { scenarios } from "./load/scenarios.ts";
import { pinPostgres } from "./load/stage.ts";
import { GENERATOR_CORE } from "./load/subject.ts";
import { tableOf, voidOf } from "./load/table.ts";
import { whereTable } from "./load/where-table.ts";

const { values } = parseArgs({
  options: {
    only: { type: "string", default: "" },
    store: { type: "string", default: "" },
    rounds: { type: "string" },
    seconds: { type: "string" },
    warm: { type: "string" },
    again: { type: "string", default: "2" },
    tries: { type: "string", default: "3" },
    quick: { type: "boolean", default: false },
    executable: { type: "string" },
    profile: { type: "string" },
    where: { type: "boolean", default: false },
    page: { type: "boolean", default: false },
    out: { type: "string" },
  },
});
const root = resolve(import.meta.dir, "..");
const words = values.only.split(/,(?! )/u).filter(Boolean); // a name may hold a comma, with a space behind it
const chosen = scenarios.filter(
  ({ group, name, store, quick = false }) =>
    (words.length === 0 || words.some((word) => group === word || name.includes(word))) &&
    (values.store === "" || store === values.store) &&
    (!values.quick || quick || words.length > 0) &&
    !values.page,
);

Bun.spawnSync(["taskset", "-pc", String(GENERATOR_CORE), String(process.pid)], { stdout: "ignore" }); // out of the servers' way
const memory = values.quick || chosen.length === 0 ? null : await backMemory();
// On the disk, where SQLite's files are too: in memory a synced commit would cost nothing.
const postgres = chosen.some(({ store }) => store === "postgres")
  ? await startTestPostgres(["shared_buffers=256MB", "max_wal_size=4GB"], tmpdir())
  : null;
const outcomes: Outcome[] = [];
try {
  const asked = new Set(chosen.flatMap(({ contenders }) => contenders.map(({ program }) => program)));
  const peers = (asked.has("node-ws") || asked.has("socket-io")) && !values.quick && values.profile === undefined;
  const absent = new Set<string>([...(peers ? [] : ["node-ws", "socket-io"]), ...(Bun.which("prosody") === null ? ["prosody"] : [])]);
  const seconds = values.seconds ?? (values.quick ? "1" : undefined);
  const bench: Bench = {
    snug:
      values.profile === undefined ? [resolve(values.executable ?? resolve(root, "dist/snug"))] : [process.execPath, resolve(root, "server/main.ts")],
    profile: values.profile === undefined ? null : resolve(values.profile),
    where: values.where,
    postgres: postgres && { ...postgres, postmaster: await pinPostgres(postgres) },
    packages: peers ? await installPeers(resolve(root, ".bun/load")) : null,
    again: values.quick ? 0 : Number(values.again),
    rounds: values.rounds !== undefined ? Number(values.rounds) : values.quick ? 1 : null,
    span: seconds === undefined ? null : { warm_ms: Number(values.warm ?? (values.quick ? 0.3 : 2)) * 1_000, sample_ms: Number(seconds) * 1_000 },
  };
  for (const scenario of chosen) {
    const contenders = scenario.contenders.filter(({ program }) => !absent.has(program));
    const outcome = await measureEvenly(bench, { ...scenario, contenders });
    outcomes.push(outcome);
    if (!values.quick && values.profile === undefined) await keep(root, values.where ? "where" : "figures", outcome);
  }
} finally {
  await postgres?.stop();
  await memory?.stop();
}
if (chosen.length > 0) console.log(`\n${values.where ? whereTable(outcomes) : tableOf(outcomes)}`);
if (values.out !== undefined) await writePage(root, resolve(values.out), scenarios);
const voids = outcomes.flatMap((outcome) => voidOf(outcome, values.quick) ?? []);
for (const line of voids) console.log(line);
process.exit(voids.length === 0 ? 0 : 1);

/** Anew where bare rounds disagree, or others used the machine; never where an answer was wrong. */
async function measureEvenly(bench: Bench, scenario: Scenario): Promise<Outcome> {
  for (let tries = values.quick || values.where ? 1 : Number(values.tries); ; tries -= 1) {
    console.log(scenario.name);
    const outcome = await measure(bench, scenario, console.log);
    const why = voidOf(outcome, values.quick);
    if (why === null || outcome.failed !== null || tries <= 1) return outcome;
    console.log(why);
  }
}
