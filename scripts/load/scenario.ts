/** What a scenario is: a cast, the programs that are measured in it, what the generator is asked, and what must come of it. */
import type { Cast } from "./cast.ts";
import type { Job, Measured, Seat } from "./job.ts";
import type { StoreName } from "./stage.ts";
import type { SubjectName } from "./subject.ts";

export type Wanted = {
  what: string;
  /** The program it is held against; null where a bound stands by itself. */
  against: SubjectName | null;
  of: (measured: Measured) => number;
  /** The ratio (or the figure) must be at least, or at most, this. */
  at: { least: number } | { most: number };
  unit: string;
};

export type Asked = Job extends infer J ? (J extends Job ? Omit<J, "target" | "span"> : never) : never;

export type Scenario = {
  group: string;
  name: string;
  store: StoreName;
  cast: () => Cast;
  /** Snug first; the second is the bare program whose rounds must agree. */
  subjects: readonly SubjectName[];
  ask: (seats: (user_id: string) => Seat) => Asked;
  wanted: readonly Wanted[];
  /** In the gate too. */
  quick?: boolean;
};

/** Ids as long as Snug's own. */
export const userId = (i: number): string => `u${String(i).padStart(25, "0")}`;
export const roomId = (i: number): string => `r${String(i).padStart(25, "0")}`;
export const range = (length: number): number[] => Array.from({ length }, (_, i) => i);
