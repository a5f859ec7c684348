/**
 * Measures the executable beside bare programs of the same shape, and writes docs/performance.md.
 *
 *   bun run load [--only ingest,fan-out] [--store sqlite|postgres] [--rounds 3] [--seconds 8] [--warm 2] [--again 2] [--quick] [--executable PATH] [--out PATH]
 *
 * Every acknowledged post is audited in the database; every frame that was delivered is compared with what was posted. Exits with 1 when a run
 * was void: a wrong answer, a generator above 85 % of its core, bare rounds more than 15 % apart. A target that is missed is told, and is no
 * failure of the measurement. `--quick` is for the gate: it shows that the measuring works, and writes nothing.
 */
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { startTestPostgres } from "../server/testing/postgres-server.ts";
import { installPeers } from "./load/peers.ts";
import { type Bench, measure, type Outcome } from "./load/rounds.ts";
import { scenarios } from "./load/scenarios.ts";
import { pinPostgres } from "./load/stage.ts";
import { GENERATOR_CORE } from "./load/subject.ts";
import { pageOf, tableOf, voidOf } from "./load/table.ts";

const { values } = parseArgs({
  options: {
    only: { type: "string", default: "" },
    store: { type: "string", default: "" },
    rounds: { type: "string" },
    seconds: { type: "string" },
    warm: { type: "string" },
    again: { type: "string", default: "2" },
    quick: { type: "boolean", default: false },
    executable: { type: "string" },
    out: { type: "string" },
  },
});
const root = resolve(import.meta.dir, "..");
const words = values.only.split(",").filter(Boolean);
const chosen = scenarios.filter(
  ({ group, name, store, quick = false }) =>
    (words.length === 0 || words.some((word) => group === word || name.includes(word))) &&
    (values.store === "" || store === values.store) &&
    (!values.quick || quick || words.length > 0),
);

Bun.spawnSync(["taskset", "-pc", String(GENERATOR_CORE), String(process.pid)], { stdout: "ignore" }); // out of the servers' way
const postgres = chosen.some(({ store }) => store === "postgres") ? await startTestPostgres(["shared_buffers=256MB", "max_wal_size=4GB"]) : null;
const outcomes: Outcome[] = [];
try {
  const peers = chosen.some(({ subjects }) => subjects.includes("node-ws")) && !values.quick;
  const bench: Bench = {
    executable: resolve(values.executable ?? resolve(root, "dist/snug")),
    postgres: postgres && { ...postgres, postmaster: await pinPostgres(postgres) },
    packages: peers ? await installPeers(resolve(root, ".bun/load")) : null,
    again: values.quick ? 0 : Number(values.again),
    rounds: Number(values.rounds ?? (values.quick ? 1 : 3)),
    span: { warm_ms: Number(values.warm ?? (values.quick ? 0.3 : 2)) * 1_000, sample_ms: Number(values.seconds ?? (values.quick ? 1 : 8)) * 1_000 },
  };
  for (const scenario of chosen) {
    console.log(scenario.name);
    const subjects = peers ? scenario.subjects : scenario.subjects.filter((name) => name !== "node-ws" && name !== "socket-io");
    outcomes.push(await measure(bench, { ...scenario, subjects }, console.log));
  }
} finally {
  await postgres?.stop();
}
console.log(`\n${tableOf(outcomes)}`);
if (values.out !== undefined) await Bun.write(resolve(values.out), await pageOf(outcomes, root));
const voids = outcomes.flatMap((outcome) => voidOf(outcome, values.quick) ?? []);
for (const line of voids) console.log(line);
process.exit(voids.length === 0 ? 0 : 1);
