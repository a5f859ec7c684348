/**
 * One scenario, measured: every program in turn, the order reversed with each round, each sample in a fresh process on fresh data. A sample in
 * which others used the machine is taken again; a busy generator, or bare programs that disagree, void the run.
 */
import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { TestPostgres } from "../../server/testing/postgres-server.ts";
import type { Job, Measured, Span, Target } from "./job.ts";
import type { Scenario } from "./scenario.ts";
import { type Copy, setStage, type Stage } from "./stage.ts";
import { GENERATOR_CORE, makeFolder, pinned, type Running, startBare, startNode, startSnug, type SubjectName } from "./subject.ts";

export type Bench = {
  executable: string;
  postgres: (TestPostgres & { postmaster: number }) | null;
  packages: string | null;
  rounds: number;
  /** How often a sample is taken again in which others used the machine. */
  again: number;
  span: Span;
};

export type Outcome = { scenario: Scenario; samples: ReadonlyMap<SubjectName, readonly Measured[]>; failed: string | null };

const OTHERS_MAX = 0.15;

export async function measure(bench: Bench, scenario: Scenario, told: (line: string) => void): Promise<Outcome> {
  const samples = new Map<SubjectName, Measured[]>(scenario.subjects.map((name) => [name, []]));
  const stage = await setStage(bench.executable, scenario.store === "postgres" ? bench.postgres : null, scenario.cast());
  try {
    for (let round = 0; round < bench.rounds; round += 1) {
      const order = round % 2 === 0 ? scenario.subjects : scenario.subjects.toReversed();
      for (const name of order) {
        const measured = await undisturbed(bench.again, () => sampleOf(bench, scenario, stage, name));
        samples.get(name)?.push(measured);
        told(`  ${name} ${lineOf(measured)}`);
      }
    }
    return { scenario, samples, failed: null };
  } catch (fault) {
    told(`  ${String(fault)}`);
    return { scenario, samples, failed: fault instanceof Error ? fault.message : String(fault) };
  } finally {
    await stage.remove();
  }
}

/** The calmest of a few tries. */
async function undisturbed(most: number, sample: () => Promise<Measured>): Promise<Measured> {
  let best = await sample();
  for (let again = 0; again < most && best.other_cpu > OTHERS_MAX; again += 1) {
    const next = await sample();
    if (next.other_cpu < best.other_cpu) best = next;
  }
  return best;
}

async function sampleOf(bench: Bench, scenario: Scenario, stage: Stage, name: SubjectName): Promise<Measured> {
  const copy = name === "snug" ? await stage.copy() : await stage.empty();
  const running = await startSubject(bench, name, copy);
  try {
    const postmaster = scenario.store === "postgres" ? (bench.postgres?.postmaster ?? null) : null;
    const stores = name === "snug" || name === "sqlite" || name === "postgres";
    const { port, pid } = running;
    const target: Target = { port, pid, postmaster, speaks: name === "socket-io" ? "socket.io" : "json", database: stores ? copy.database : null };
    const seat = (user_id: string) => stage.seats.get(user_id) ?? { user_id, ticket: "", rooms: [] };
    return await generate({ target, span: bench.span, ...scenario.ask(seat) });
  } finally {
    await running.stop();
    await copy.remove();
  }
}

function startSubject({ executable, packages }: Bench, name: SubjectName, copy: Copy): Promise<Running> {
  if (name === "snug") return startSnug(executable, copy.data, copy.url);
  if (name === "node-ws" || name === "socket-io") return startNode(name, packages ?? "");
  return startBare(name, { DATABASE: copy.database });
}

async function generate(job: Job): Promise<Measured> {
  const folder = makeFolder();
  try {
    const path = join(folder.path, "job.json");
    writeFileSync(path, JSON.stringify(job));
    const limit_ms = job.span.warm_ms + job.span.sample_ms + GENERATOR_MS;
    const child = Bun.spawn([...pinned(GENERATOR_CORE), process.execPath, "run", resolve(import.meta.dir, "generator.ts"), path], {
      stdin: "ignore",
      stdout: "pipe",
      stderr: "pipe",
      timeout: limit_ms,
      killSignal: "SIGKILL",
    });
    const [text, wrong] = await Promise.all([child.stdout.text(), child.stderr.text()]);
    if ((await child.exited) !== 0) throw new Error(`The generator failed: ${wrong.slice(0, 600)}`);
    return JSON.parse(text);
  } finally {
    folder.remove();
  }
}

const GENERATOR_MS = 90_000; // for opening sockets and for the audit

export function lineOf(measured: Measured): string {
  const { per_second, per_cpu_second, p50_ms, p99_ms, server_cpu, database_cpu, generator_cpu, other_cpu, audited, bytes, more } = measured;
  const cpu = [server_cpu, database_cpu, generator_cpu, other_cpu].map((share) => share.toFixed(2)).join("/");
  const rest = Object.entries(more).map(([name, value]) => ` ${name} ${value.toFixed(2)}`);
  return `${Math.round(per_second)}/s ${Math.round(per_cpu_second)}/cpu-s p50 ${p50_ms.toFixed(2)} p99 ${p99_ms.toFixed(2)} ms, cpu server/db/gen/other ${cpu}, ${Math.round(bytes)} B, audited ${audited}${rest.join("")}`;
}
