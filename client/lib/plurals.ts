/** Words that depend on how many, and lists as they are written. */
import { locale } from "./language.ts";

const here = locale();
const plural = new Intl.PluralRules("en");
const list = new Intl.ListFormat(here, { type: "conjunction" });

const number = new Intl.NumberFormat(here);

export const several = (n: number, one: string, other: string): string => (plural.select(n) === "one" ? one : other);
export const counted = (n: number): string => number.format(n);
export const listed = (items: readonly string[]): string => list.format(items);
