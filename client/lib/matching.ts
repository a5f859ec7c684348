/** Finds by what somebody has begun to type: what is called exactly so, then where a word begins so, then where the letters come in that order. */

const EXACT = 0;
const WORD = 1;
const TOGETHER = 2; // letters that stand together are more likely meant
const IN_ORDER = 3;

/** The best first, equals in the order they came in; nothing typed finds all. `textsOf` gives all that a thing is known by. */
export function matching<T>(typed: string, things: Iterable<T>, textsOf: (thing: T) => readonly string[], most = Infinity): T[] {
  const query = folded(typed.trim());
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
  if (text.startsWith(query) || wordsOf(text).some((word) => word.startsWith(query))) return WORD;
  if (text.includes(query)) return TOGETHER;
  return isInOrder(query, text) ? IN_ORDER : Infinity;
}

const wordsOf = (text: string): string[] => text.split(/[\s._/-]+/u);

function isInOrder(query: string, text: string): boolean {
  const wanted = [...query];
  let at = 0;
  for (const letter of text) if (letter === wanted[at]) at += 1;
  return at === wanted.length;
}

/** Case, accents and forms of the same letter do not keep a name from being found. */
const folded = (text: string): string => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
