/** Words that depend on how many, lists as they are written, and names in their order. */
import { perLanguage } from "./language.ts";

const plural = new Intl.PluralRules("en");
const list = perLanguage((here) => new Intl.ListFormat(here, { type: "conjunction" }));
const number = perLanguage((here) => new Intl.NumberFormat(here));
const names = perLanguage((here) => new Intl.Collator(here));

export const several = (n: number, one: string, other: string): string => (plural.select(n) === "one" ? one : other);
export const counted = (n: number): string => number().format(n);
export const listed = (items: readonly string[]): string => list().format(items);
/** Which of two names comes first where this reader looks for them. */
export const byName = (one: string, other: string): number => names().compare(one, other);
