/** The words for who came and went. They come with the first room of several people that is opened. */
import { inLanguage } from "./language.ts";
import { counted, listed } from "./plurals.ts";

const NAMED_MAX = 3;

/** At most so many by name, the others by their number. */
const some = (names: readonly string[]): string =>
  listed(names.length <= NAMED_MAX ? names : [...names.slice(0, NAMED_MAX - 1), `${counted(names.length - NAMED_MAX + 1)} others`]);

export const words = inLanguage("moves", {
  joined: (names: readonly string[]) => `${some(names)} joined`,
  left: (names: readonly string[]) => `${some(names)} left`,
  both: (joined: readonly string[], left: readonly string[]) => `${some(joined)} joined, ${some(left)} left`,
} as const);
