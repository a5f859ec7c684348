/** How well a name answers what was typed: exact, then its beginning, then the beginning of a word, then the letters in order. */

const folded = (text: string): string => text.normalize("NFKD").replaceAll(/\p{M}/gu, "").toLocaleLowerCase();

/** 0 is best; null when the name does not answer. A query of nothing is answered by all alike. */
export function matchOf(query: string, ...names: readonly string[]): number | null {
  const wanted = folded(query.trim());
  const ranks = names.map((name) => rankOf(wanted, folded(name))).filter((rank) => rank !== null);
  return ranks.length === 0 ? null : Math.min(...ranks);
}

function rankOf(wanted: string, name: string): number | null {
  if (wanted === "" || wanted === name) return 0;
  if (name.startsWith(wanted)) return 1;
  if (name.split(/[\s._-]+/u).some((word) => word.startsWith(wanted))) return 2;
  if (name.includes(wanted)) return 3;
  let from = 0;
  for (const letter of wanted) {
    const at = name.indexOf(letter, from);
    if (at < 0) return null;
    from = at + 1;
  }
  return 4;
}

/** Those that answer, best first; equal ones as they stood. */
export function matching<T>(query: string, items: readonly T[], namesOf: (item: T) => readonly string[]): T[] {
  return items
    .map((item) => ({ item, rank: matchOf(query, ...namesOf(item)) }))
    .filter((one): one is { item: T; rank: number } => one.rank !== null)
    .sort((a, b) => a.rank - b.rank)
    .map(({ item }) => item);
}
