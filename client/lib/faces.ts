/** What stands for somebody where no picture is: initials, on one of eight grounds with one of six shapes, which stay theirs. */

export const HUES = 8;
export const SHAPES = 6;

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

export const hueOf = (id: string): number => numberOf(id) % HUES;
export const shapeOf = (id: string): number => Math.floor(numberOf(id) / HUES) % SHAPES;

function numberOf(id: string): number {
  let sum = 0;
  for (const character of id) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 65_521; // a prime: ids that differ in one place spread
  return sum;
}
