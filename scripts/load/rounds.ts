/**
 * One scenario, measured: every contender in turn, the order reversed with each round, each sample in a fresh process on fresh data. A sample
 * in which others used the machine is taken again; a busy generator, or bare programs that disagree, void the run.
 */
import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { TestPostgres } from "../../server/testing/postgres-server.ts";
import { addWebhook, extensions } from "./extended.ts";
import type { Job, Measured, Span, Target } from "./job.ts";
import type { Contender, Scenario } from "./scenario.ts";
import { type Copy, owner, setStage, type Stage } from "./stage.ts";
import { GENERATOR_CORE, makeFolder, pinned, type Running, startBare, startNode, startProsody, startSnug, type SubjectName } from "./subject.ts";

export type Bench = {
  /** The words that run Snug. */
  snug: readonly string[];
  /** A folder for processor profiles of it; null when it is measured. */
  profile: string | null;
  /** Whether it is to be found out where processor time goes, in place of figures. */
  where: boolean;
  postgres: (TestPostgres & { postmaster: number }) | null;
  packages: string | null;
  /** Null: those of the scenario. */
  rounds: number | null;
  span: Span | null;
  /** How often a sample is taken again in which others used the machine. */
  again: number;
};

export type Outcome = { scenario: Scenario; samples: ReadonlyMap<string, readonly Measured[]>; failed: string | null };

const OTHERS_MAX = 0.15;
const ROUNDS = 3;
const SPAN = { warm_ms: 2_000, sample_ms: 8_000 };

export async function measure(bench: Bench, scenario: Scenario, told: (line: string) => void): Promise<Outcome> {
  const samples = new Map<string, Measured[]>(scenario.contenders.map(({ label }) => [label, []]));
  const stages: Stage[] = [];
  const stageOf = async (cast: Scenario["cast"]): Promise<Stage> => {
    const stage = await setStage(bench.snug, scenario.store === "postgres" ? bench.postgres : null, cast());
    stages.push(stage);
    return stage;
  };
  try {
    const shared = scenario.contenders.every(({ cast }) => cast) ? null : await stageOf(scenario.cast);
    const ready: { contender: Contender; stage: Stage }[] = [];
    for (const contender of scenario.contenders)
      ready.push({ contender, stage: contender.cast || !shared ? await stageOf(contender.cast ?? scenario.cast) : shared });
    for (let round = 0; round < (bench.rounds ?? scenario.rounds ?? ROUNDS); round += 1) {
      for (const { contender, stage } of round % 2 === 0 ? ready : ready.toReversed()) {
        const measured = await undisturbed(bench.again, () => sampleOf(bench, scenario, stage, contender));
        samples.get(contender.label)?.push(measured);
        told(`  ${contender.label} ${lineOf(measured)}`);
      }
    }
    return { scenario, samples, failed: null };
  } catch (fault) {
    told(`  ${String(fault)}`);
    return { scenario, samples, failed: fault instanceof Error ? fault.message : String(fault) };
  } finally {
    for (const stage of stages) await stage.remove();
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

/** All processes of a contender are up before the first is asked for anything. */
async function sampleOf(bench: Bench, scenario: Scenario, stage: Stage, contender: Contender): Promise<Measured> {
  const { program: name, instances = 1, isExtended = false } = contender;
  const up: { copy: Copy; running: Running; beside: Beside | null; sink: number | null }[] = [];
  try {
    for (let process = 0; process < (scenario.processes ?? 1); process += 1) {
      const copy = name === "snug" ? await stage.copy() : await stage.empty();
      const running = await startSubject(bench, contender, copy, stage);
      const place = { copy, running, beside: null, sink: null };
      up.push(place);
      if (instances === 2) up.splice(-1, 1, { ...place, beside: await startBeside(bench, contender, copy, stage) });
      if (isExtended) up.splice(-1, 1, { ...place, sink: await addWebhook(running.port, owner) });
    }
    const measured = await Promise.all(up.map((place, process) => generate(jobOf(bench, scenario, stage, { name, ...place, process }))));
    const start_ms = Math.max(...up.map(({ running }) => running.start_ms));
    const sum = together(measured);
    return { ...sum, more: { ...sum.more, start_ms } };
  } finally {
    for (const { running, beside, copy } of up) {
      await beside?.running.stop();
      beside?.folder.remove();
      await running.stop(bench.profile === null ? undefined : "SIGTERM"); // it writes its profile when it ends in order
      await copy.remove();
    }
  }
}

type Beside = { running: Running; folder: { remove(): void } };

/** Another process on the same database, with a data folder of its own that holds the same secret. */
async function startBeside(bench: Bench, contender: Contender, copy: Copy, stage: Stage): Promise<Beside> {
  const folder = makeFolder(copy.data);
  return { folder, running: await startSubject(bench, contender, { ...copy, data: folder.path }, stage) };
}

type Place = { name: SubjectName; copy: Copy; running: Running; beside: Beside | null; sink: number | null; process: number };

function jobOf(bench: Bench, scenario: Scenario, stage: Stage, { name, copy, running, beside, sink, process }: Place): Job {
  const { port, pid } = running;
  const speaks = name === "socket-io" ? "socket.io" : name === "prosody" ? "xmpp" : "json";
  const database = name === "snug" || name === "sqlite" || name === "postgres" ? copy.database : name === "prosody" ? copy.data : null;
  const postmaster = scenario.store === "postgres" ? (bench.postgres?.postmaster ?? null) : null;
  const other = beside && { port: beside.running.port, pid: beside.running.pid };
  const target: Target = { port, pid, beside: other, sink, postmaster, speaks, database, where: bench.where };
  const seat = (user_id: string) => stage.seats.get(user_id) ?? { user_id, ticket: "", rooms: [] };
  return { target, span: bench.span ?? scenario.span ?? SPAN, ...scenario.ask({ seat, shared: stage.shared }, process) };
}

function startSubject({ snug, profile, packages }: Bench, { program: name, isExtended }: Contender, copy: Copy, { shared }: Stage): Promise<Running> {
  const words = [...snug.slice(0, 1), ...profiled(profile), ...snug.slice(1)];
  if (name === "snug") return startSnug(words, { data: copy.data, database_url: copy.url, more: isExtended ? extensions : [] });
  if (name === "node-ws" || name === "socket-io") return startNode(name, packages ?? "");
  if (name === "prosody") return startProsody(copy.data);
  return startBare(name, { DATABASE: copy.database, ANSWERS: join(shared, "answers.json") });
}

const profiled = (folder: string | null): string[] => (folder === null ? [] : ["--cpu-prof", "--cpu-prof-md", `--cpu-prof-dir=${folder}`]);

/** What several processes did at once: counts, shares and megabytes are summed, of all else the worst is told. */
function together(measured: readonly Measured[]): Measured {
  const [first] = measured;
  if (!first) throw new Error("Nothing was measured");
  return measured.slice(1).reduce(
    (sum, one) => ({
      ...sum,
      count: sum.count + one.count,
      per_second: sum.per_second + one.per_second,
      p50_ms: Math.max(sum.p50_ms, one.p50_ms),
      p99_ms: Math.max(sum.p99_ms, one.p99_ms),
      server_cpu: sum.server_cpu + one.server_cpu,
      generator_cpu: sum.generator_cpu + one.generator_cpu,
      other_cpu: Math.max(0, sum.other_cpu - one.server_cpu - one.generator_cpu),
      audited: sum.audited + one.audited,
      more: Object.fromEntries(Object.entries(sum.more).map(([name, value]) => [name, joined(name, value, one.more[name] ?? 0)])),
    }),
    first,
  );
}

const joined = (name: string, a: number, b: number): number => (name.endsWith("_mb") ? a + b : Math.max(a, b));

async function generate(job: Job): Promise<Measured> {
  const folder = makeFolder();
  try {
    const path = join(folder.path, "job.json");
    writeFileSync(path, JSON.stringify(job));
    const limit_ms = job.span.warm_ms + job.span.sample_ms + (job.kind === "idle" ? OPENING_MS : GENERATOR_MS);
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

const GENERATOR_MS = 240_000; // for opening sockets and for the audit
const OPENING_MS = 900_000; // a hundred thousand of them

export function lineOf(measured: Measured): string {
  const { per_second, per_cpu_second, p50_ms, p99_ms, server_cpu, database_cpu, generator_cpu, other_cpu, audited, bytes, more } = measured;
  const cpu = [server_cpu, database_cpu, generator_cpu, other_cpu].map((share) => share.toFixed(2)).join("/");
  const rest = Object.entries(more).map(([name, value]) => ` ${name} ${value.toFixed(2)}`);
  return `${Math.round(per_second)}/s ${Math.round(per_cpu_second)}/cpu-s p50 ${p50_ms.toFixed(2)} p99 ${p99_ms.toFixed(2)} ms, cpu server/db/gen/other ${cpu}, ${Math.round(bytes)} B, audited ${audited}${rest.join("")}`;
}
