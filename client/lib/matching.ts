/** Finds by what somebody has begun to type: what is called exactly so, then where a word begins so, then where the letters come in that order. */

const EXACT = 0;
const WORD = 1;
const LETTERS = 2;

/** The best first, equals in the order they came in; nothing typed finds all. `texts` are all that a thing is known by. */
export function matching<T>(typed: string, things: Iterable<T>, textsOf: (thing: T) => readonly string[], most: number): T[] {
  const query = folded(typed);
  const found = [...things].flatMap((thing) => {
    const rank = Math.min(...textsOf(thing).map((text) => rankOf(query, folded(text))));
    return Number.isFinite(rank) ? [{ thing, rank }] : [];
  });
  return found
    .sort((a, b) => a.rank - b.rank)
    .slice(0, most)
    .map(({ thing }) => thing);
}

function rankOf(query: string, text: string): number {
  if (query === "") return WORD;
  if (text === query) return EXACT;
  if (wordsOf(text).some((word) => word.startsWith(query)) || text.startsWith(query)) return WORD;
  return inOrder(query, text) ? LETTERS + spread(query, text) : Infinity;
}

const wordsOf = (text: string): string[] => text.split(/[\s._/-]+/u);

function inOrder(query: string, text: string): boolean {
  let at = 0;
  for (const letter of text) if (letter === query[at]) at += 1;
  return at >= query.length;
}

/** Under one: letters that stand together are more likely meant. */
const spread = (query: string, text: string): number => (text.includes(query) ? 0 : 0.5);

/** Case, accents and forms of the same letter do not keep a name from being found. */
const folded = (text: string): string => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
