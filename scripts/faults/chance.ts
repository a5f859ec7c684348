/** Chance with a seed that is printed, so that a run that found something can be begun again. */
export type Chance = { below(n: number): number; text(length: number): string; fork(): Chance };

export function createChance(seed: number): Chance {
  let state = seed >>> 0;
  // mulberry32: small, well spread, and the same everywhere
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (n: number): number => Math.floor(next() * n);
  return {
    below,
    text: (length) => Array.from({ length }, () => below(32).toString(32)).join(""),
    fork: () => createChance(below(4_294_967_296)),
  };
}
