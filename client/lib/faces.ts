/** What stands for somebody where no picture is: initials, on one of eight grounds that stays theirs. */

export const HUES = 8;

/** The first letters of the first and the last word; of one word, its first. */
export function initialsOf(name: string): string {
  const words = name
    .trim()
    .split(/[\s._-]+/u)
    .filter((word) => word !== "");
  const ends = words.length > 1 ? [words[0], words.at(-1)] : words;
  return ends
    .map((word) => [...(word ?? "")][0] ?? "")
    .join("")
    .toLocaleUpperCase();
}

export function hueOf(id: string): number {
  let sum = 0;
  for (const character of id) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 65_521; // a prime: ids that differ in one place spread
  return sum % HUES;
}
