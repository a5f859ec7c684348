/**
 * People found by what somebody types of a name. Each word of a name begins an entry, folded, that goes on to the name's end: so the beginning
 * of any word finds, "okaf" as "bob ok", and the database answers from one stretch of one index. Entries are written in the transaction that
 * writes the name, or somebody would be found by what they are no longer called.
 */
import { and, asc, eq, gte, inArray, lt } from "drizzle-orm";
import type { Read, Tables, Tx } from "../../db/store.ts";
import type { Chat } from "./chat.ts";

type Person = Tables["users"]["$inferSelect"];
type Named = Pick<Person, "tenant_id" | "id" | "username" | "display_name">;

const WORDS_MAX = 8; // of each of the two names: who is called longer is found by the first ones
const NAME_MAX = 64; // code points of an entry; nobody types more to find one person

/** Case, accents and forms of the same letter keep nobody from being found; the client folds alike. */
const folded = (text: string): string => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/\s+/gu, " ").trim();

/** The entries of a person: their username and display name from each of their words on. */
export function namesOf({ username, display_name }: Pick<Named, "username" | "display_name">): string[] {
  const names = [username ?? "", display_name].flatMap((name) => {
    const whole = folded(name);
    const starts = [...whole.matchAll(/(?<![^\s._/-])[^\s._/-]/gu)].map(({ index }) => index);
    return starts.slice(0, WORDS_MAX).map((from) => [...whole.slice(from)].slice(0, NAME_MAX).join(""));
  });
  return [...new Set(names)];
}

export async function insertNames(chat: Chat, tx: Tx, people: readonly Named[]): Promise<void> {
  const rows = people.flatMap((person) => namesOf(person).map((name) => ({ tenant_id: person.tenant_id, name, user_id: person.id })));
  if (rows.length > 0) await tx.insert(chat.store.t.user_names).values(rows).onConflictDoNothing();
}

export async function renameIn(chat: Chat, tx: Tx, before: Named, after: Named): Promise<void> {
  const { user_names } = chat.store.t;
  const gone = namesOf(before).filter((name) => !namesOf(after).includes(name));
  if (gone.length > 0)
    await tx
      .delete(user_names)
      .where(and(eq(user_names.tenant_id, before.tenant_id), inArray(user_names.name, gone), eq(user_names.user_id, before.id)));
  await insertNames(chat, tx, [after]);
}

const LAST = "\u{10FFFF}"; // after every letter, in the order of bytes that both databases compare by

/** Those whose name has a word that begins so, of the alphabet's first; `limit` of them at most, whom `seen` holds for. Nobody for nothing typed. */
export async function findByName(
  chat: Chat,
  read: Read,
  { tenant_id, q, limit, seen }: { tenant_id: string; q: string; limit: number; seen: Parameters<typeof and>[number] },
): Promise<Person[]> {
  const { user_names, users } = chat.store.t;
  const begin = folded(q);
  if (begin === "") return [];
  const rows = await read
    .select({ user: users })
    .from(user_names)
    .crossJoin(users) // CROSS: SQLite might go through all names that begin so for each who may be seen
    .where(
      and(
        ...[eq(user_names.tenant_id, tenant_id), gte(user_names.name, begin), lt(user_names.name, begin + LAST), seen],
        ...[eq(users.tenant_id, user_names.tenant_id), eq(users.id, user_names.user_id)],
      ),
    )
    .orderBy(asc(user_names.name), asc(user_names.user_id))
    .limit(limit);
  return [...new Map(rows.map(({ user }) => [user.id, user])).values()]; // two names of one person may begin so
}
