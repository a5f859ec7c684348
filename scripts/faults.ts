/**
 * Kills the server at random moments under load and holds every reply against what is stored.
 *
 *   bun run faults [--kills 50] [--store sqlite|postgres|both] [--seed N]
 *   bun run faults --mutants
 *
 * The executable, 16 senders in 4 rooms by socket and by REST, twins, edits, removals, joins and leaves among them, three hearers with
 * different outages; Postgres in a cluster of its own with default durability. Exits with 1 on any verdict, or when a restarted server's
 * first answers come later than 500 ms at p99.
 */
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { SQL } from "bun";
import { startTestPostgres } from "../server/testing/postgres-server.ts";
import { createChance } from "./faults/chance.ts";
import { runMutants } from "./faults/mutants.ts";
import { killLoop, type Outcome } from "./faults/run.ts";

const options = {
  kills: { type: "string", default: "50" },
  store: { type: "string", default: "both" },
  seed: { type: "string" },
  executable: { type: "string" },
  mutants: { type: "boolean", default: false },
} as const;
const { values } = parseArgs({ options });
const kills = Number(values.kills);
const seed = Number(values.seed ?? Math.floor(Math.random() * 4_294_967_296));
const executable = resolve(values.executable ?? resolve(import.meta.dir, "../dist/snug"));
const stores = values.store === "both" ? ["sqlite", "postgres"] : [values.store];
const START_P99_MS = 500;
const KILLS_FOR_P99 = 50; // of fewer, the 99th percentile is the one that the machine happened to delay

console.log(`seed ${seed}`);
if (values.mutants) {
  const { caught, clean } = await runMutants(seed, freePort);
  console.log(`${caught} of 4${clean ? "" : ", and a verdict where none is due"}`);
  process.exit(caught === 4 && clean ? 0 : 1);
}
let faults = 0;
let replies = 0;
for (const store of stores) {
  const outcome = await (store === "postgres" ? onPostgres() : run([]));
  faults += tell(store, outcome);
  replies += outcome.replies;
}
console.log(`faults: ${replies} replies, ${kills * stores.length} kills, ${faults} verdicts`);
process.exit(faults === 0 ? 0 : 1);

function run(flags: readonly string[]): Promise<Outcome> {
  return killLoop({ executable, port: freePort(), flags, kills, chance: createChance(seed) });
}

async function onPostgres(): Promise<Outcome> {
  const postgres = await startTestPostgres([]);
  try {
    const admin = new SQL(postgres.url, { max: 1 });
    await admin`CREATE DATABASE faults`;
    await admin.close();
    return await run(["--database-url", postgres.url.replace(/\/postgres(\?|$)/u, "/faults$1")]);
  } finally {
    await postgres.stop();
  }
}

function tell(store: string, { kills: done, posts, replies: told, open, resets, findings, starts }: Outcome): number {
  const sorted = starts.toSorted((a, b) => a - b);
  const at = (share: number): number => Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0);
  console.log(
    `${store}: ${done} kills, ${posts} posts, ${told} replies, ${open} open, ${resets} resets; first 200 after p50 ${at(0.5)} ms, p99 ${at(0.99)} ms`,
  );
  for (const [verdict, found] of Map.groupBy(findings, (one) => one.verdict)) {
    console.log(`  ${verdict}: ${found.length}`);
    for (const { room_id, what } of found.slice(0, 5)) console.log(`    ${room_id}: ${what}`);
  }
  const late = done >= KILLS_FOR_P99 && at(0.99) >= START_P99_MS ? 1 : 0;
  if (late) console.log(`  starts too slowly: p99 ${at(0.99)} ms`);
  if (told < done * 20) console.log("  too few replies to say anything");
  return findings.length + late + (told < done * 20 ? 1 : 0);
}

function freePort(): number {
  const server = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: () => new Response() });
  const { port } = server;
  void server.stop(true);
  return port ?? 0;
}
