/** Words that depend on how many, and lists as they are written. */
const plural = new Intl.PluralRules("en");
const list = new Intl.ListFormat("en", { type: "conjunction" });

export const several = (n: number, one: string, other: string): string => (plural.select(n) === "one" ? one : other);
export const listed = (items: readonly string[]): string => list.format(items);
