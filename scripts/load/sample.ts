/** The span that counts: after the warm-up, the processor time of everybody concerned, and the times that were measured within it. */
import { cpuOf, cpuOfAll, cpuOfFamily } from "./machine.ts";
import type { Measured, Span, Target } from "./job.ts";
import { lookWhere } from "./where.ts";

export type Sampled = Omit<Measured, "bytes" | "audited" | "more">;

export type Sample = {
  /** True between the end of the warm-up and the end of the sample. */
  counting(): boolean;
  count(many: number): void;
  took(ms: number): void;
  /** Resolves when the sample is over. */
  over: Promise<Sampled>;
};

/** Begins the warm-up now. */
export function takeSample(target: Target, { warm_ms, sample_ms }: Span): Sample {
  let counting = false;
  let many = 0;
  const times: number[] = [];
  const run = async () => {
    await Bun.sleep(warm_ms);
    const meter = startMeter(target);
    counting = true;
    const looked = target.where ? lookWhere(target, sample_ms) : null;
    await Bun.sleep(sample_ms);
    counting = false;
    const sampled = meter(many, times);
    const where = await looked;
    return where ? { ...sampled, where } : sampled;
  };
  return {
    counting: () => counting,
    count: (more) => void (counting && (many += more)),
    took: (ms) => void (counting && times.push(ms)),
    over: run(),
  };
}

/** Begins to count processor time; what is given tells what was used until it is called. */
export function startMeter(target: Target): (count: number, times: readonly number[]) => Sampled {
  const used = () => ({
    at: performance.now(),
    server: cpuOf(target.pid) + (target.beside ? cpuOf(target.beside.pid) : 0),
    database: target.postmaster === null ? 0 : cpuOfFamily(target.postmaster),
    generator: cpuOf(process.pid),
    all: cpuOfAll(),
  });
  const from = used();
  return (count, times) => {
    const to = used();
    const seconds = (to.at - from.at) / 1_000;
    const server = to.server - from.server;
    const database = to.database - from.database;
    const generator = to.generator - from.generator;
    return {
      count,
      per_second: count / seconds,
      per_cpu_second: count / Math.max(server, 0.01),
      ...quantiles(times),
      server_cpu: server / seconds,
      database_cpu: database / seconds,
      generator_cpu: generator / seconds,
      other_cpu: Math.max(0, to.all - from.all - server - database - generator) / seconds,
    };
  };
}

export function quantiles(times: readonly number[]): { p50_ms: number; p99_ms: number } {
  const sorted = Float64Array.from(times).sort();
  const at = (part: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
  return { p50_ms: at(0.5), p99_ms: at(0.99) };
}
