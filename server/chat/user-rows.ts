/** The rows of users: found, and made. */
import { and, eq } from "drizzle-orm";
import type { Read, Tables, Tx } from "../../db/store.ts";
import type { Role } from "../protocol.ts";
import type { Chat } from "./chat.ts";
import { refuse } from "./refusal.ts";
import { insertNames } from "./user-names.ts";

export type Person = Tables["users"]["$inferSelect"];

export const personKey = (chat: Chat, tenant_id: string, user_id: string) => {
  const { users } = chat.store.t;
  return and(eq(users.tenant_id, tenant_id), eq(users.id, user_id));
};

/** `id` where the tenant has chosen it; a person unless said otherwise. */
type NewPerson = Pick<Person, "tenant_id" | "display_name" | "password_hash" | "username"> & { role: Role; id?: string; kind?: Person["kind"] };

export async function insertUser(chat: Chat, tx: Tx, given: NewPerson): Promise<Person> {
  const now = chat.now();
  const person: Person = {
    id: chat.newId(),
    kind: "person",
    ...given,
    settings: {},
    disabled_at: null,
    last_seen_at: null,
    rev: 1,
    changed_at: now,
    created_at: now,
    updated_at: now,
    disabled_why: null,
    avatar_id: null,
    status_text: null,
    status_emoji: null,
    status_until: null,
  };
  await tx.insert(chat.store.t.users).values(person);
  await insertNames(chat, tx, [person]);
  return person;
}

export async function personIn(chat: Chat, read: Read, tenant_id: string, user_id: string): Promise<Person> {
  const [person] = await read
    .select()
    .from(chat.store.t.users)
    .where(personKey(chat, tenant_id, user_id));
  return person ?? refuse("not_found");
}
