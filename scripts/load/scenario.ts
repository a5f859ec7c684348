/** What a scenario is: a cast, the programs that are measured in it, what the generator is asked, and what must come of it. */
import type { Cast } from "./cast.ts";
import type { Job, Measured, Seat, Span } from "./job.ts";
import type { StoreName } from "./stage.ts";
import type { SubjectName } from "./subject.ts";

export type Contender = {
  label: string;
  program: SubjectName;
  /** Where it is not the scenario's. */
  cast?: () => Cast;
  /** Two processes of it on one database, half of the hearers at each. */
  instances?: 1 | 2;
  /** Three plugins, and a webhook that hears of every message. */
  isExtended?: boolean;
};

export type Wanted = {
  what: string;
  /** Whose figure it is, by label; the first contender's if absent. */
  whose?: string;
  /** The contender it is held against; null where a bound stands by itself. */
  against: string | null;
  of: (measured: Measured) => number;
  /** The ratio (or the figure) must be at least, or at most, this. */
  at: { least: number } | { most: number };
  unit: string;
};

export type Asked = Job extends infer J ? (J extends Job ? Omit<J, "target" | "span"> : never) : never;

/** What a question may name: people's seats, and a folder for what one program leaves to another. */
export type Given = { seat: (user_id: string) => Seat; shared: string };

export type Scenario = {
  group: string;
  name: string;
  store: StoreName;
  cast: () => Cast;
  /** Snug first; the second is the bare program whose rounds must agree. */
  contenders: readonly Contender[];
  /** What is asked of a process of the contender: as a rule there is one, number 0. */
  ask: (given: Given, process: number) => Asked;
  processes?: number;
  wanted: readonly Wanted[];
  /** In the gate too. */
  quick?: boolean;
  /** Where the usual span and rounds do not fit. */
  span?: Span;
  rounds?: number;
};

export const programs = (...names: readonly SubjectName[]): Contender[] => names.map((name) => ({ label: name, program: name }));

/** Ids as long as Snug's own. */
export const userId = (i: number): string => `u${String(i).padStart(25, "0")}`;
export const roomId = (i: number): string => `r${String(i).padStart(25, "0")}`;
export const range = (length: number): number[] => Array.from({ length }, (_, i) => i);

export const perSecond = ({ per_second }: Measured): number => per_second;
export const perCpu = ({ per_cpu_second }: Measured): number => per_cpu_second;
export const p50 = ({ p50_ms }: Measured): number => p50_ms;
export const p99 = ({ p99_ms }: Measured): number => p99_ms;
export const more =
  (name: string) =>
  (measured: Measured): number =>
    measured.more[name] ?? Number.NaN;
