/** Words that belong to some files alone: each line is a promise of design.md that a careless line would break without a test noticing. */

type Rule = { readonly where: RegExp; readonly but?: RegExp; readonly word: RegExp; readonly why: string };

const CHAT = /^server\/chat\//;
const SERVER = /^server\//;

export const RULES: readonly Rule[] = [
  { where: CHAT, word: /\b[Ee]lysia\b|\bBun\.serve\b|\bWebSocket\b/g, why: "the product knows no door" },
  { where: CHAT, word: /\bprocess\.env\b|\bBun\.env\b/g, why: "configuration comes from chat.config" },
  { where: CHAT, word: /\bDate\.now\b|\bnew Date\(\)|\bperformance\.now\b/g, why: "time comes from chat.now" },
  { where: CHAT, word: /\bMath\.random\b|\brandomUUID(?:v7)?\b/g, why: "chance and ids come from chat" },
  { where: CHAT, word: /\b(?:sqlite|postgres|pragma|pg_\w+|jsonb|ilike|rowid)\b|::(?:int|bigint|text)\b/gi, why: "a dialect's SQL lives in db/" },
  { where: /^(server|scripts)\//, word: /\btransaction\(/g, why: "only db/ opens transactions: drizzle's commits early on SQLite" },
  { where: SERVER, but: /^server\/live\/roster\.ts$/, word: /\.publish\(/g, why: "only the roster publishes" },
  { where: /^(server|db)\//, but: /^db\/(migrate-)?postgres[a-z-]*\.ts$/, word: /\.unsafe\(/g, why: "only db/postgres*.ts sends SQL as text" },
  { where: SERVER, but: /^server\/work\.ts$/, word: /\bset(?:Interval|Timeout)\(/g, why: "only work.ts has timers" },
  {
    where: SERVER,
    but: /^server\/(plugins\/outbound\.ts$|commands\/)/,
    word: /(?<![.\w])fetch\(|\bnode:https?\b|\bBun\.connect\(/g,
    why: "only plugins/outbound.ts dials what others have named",
  },
  {
    where: /^client\/views\//,
    word: /(?<![.\w])(?:signal|computed|effect|use(?:Signal|Computed|SignalEffect|State|Reducer))\s*[(<]/g,
    why: "no signal is made in a view",
  },
  {
    where: /^client\//,
    word: /\b(?:dangerouslySetInnerHTML|innerHTML|outerHTML|insertAdjacentHTML)\b|\bdocument\.write\b|\beval\(|\bnew Function\b/g,
    why: "the page never reads text as markup or code",
  },
];
