/**
 * API keys of a tenant: made, listed, rotated and revoked. A key is told once and kept as a hash. Nobody gives more than they hold: who acts for
 * people with a password is given that by the owner alone, and what a key makes ends when that key does.
 */
import { and, desc, eq, inArray, isNull, lt, type SQL, sql } from "drizzle-orm";
import { lockTenant } from "../../db/locks.ts";
import type { Tx } from "../../db/store.ts";
import type { List } from "../protocol.ts";
import type { ApiKey, NewApiKey, RotateApiKey } from "../protocol/api-keys.ts";
import { asOfNow } from "./as-of-now.ts";
import { audit } from "./audit.ts";
import type { Chat } from "./chat.ts";
import { isKeyAlive, keyPlace, type KeyRow } from "./key-rows.ts";
import { isKeyUser, keyBehind, keyUser, type Principal } from "./principal.ts";
import { refuse } from "./refusal.ts";
import { hashOf } from "./secrets.ts";
import { revokeInvitesOf } from "./standing-of-users.ts";
import { at } from "./views.ts";

const KEYS_MAX = 1_000; // of one workspace that have not been revoked: each has a bucket of its own

/** For admins and keys of scope `admin`; `impersonate` for the owner. Refuses `conflict` when there are KEYS_MAX. The whole key is in this answer and nowhere else. */
export async function createApiKey(chat: Chat, who: Principal, input: NewApiKey): Promise<ApiKey> {
  const name = input.name.trim();
  if (name === "") refuse("invalid", { fields: ["name"] });
  const expires_at = input.expires_in_seconds === undefined ? null : chat.now() + input.expires_in_seconds * 1_000;
  const given = { name, scope: input.scope, impersonate: input.impersonate ?? false, expires_at };
  refuseToGive(who, given);
  const { row, key } = newKey(chat, who, given);
  await chat.store.write(async (tx) => {
    const { api_keys } = chat.store.t;
    await lockTenant(tx, who.tenant_id);
    refuseToGive(await asOfNow(chat, tx, who), given);
    await refuseOneTooMany(chat, tx, who);
    await tx.insert(api_keys).values(row);
    const detail = { scope: row.scope, impersonate: row.impersonate };
    await audit(chat, tx, { tenant_id: who.tenant_id, actor_id: who.user_id, via: who.via, action: "api_key.made", target_id: row.id, detail });
  });
  return { ...keyView(row), key };
}

/** The tenant is locked. */
async function refuseOneTooMany(chat: Chat, tx: Tx, { tenant_id }: Principal): Promise<void> {
  const { api_keys } = chat.store.t;
  const held = await tx
    .select({ id: api_keys.id })
    .from(api_keys)
    .where(and(eq(api_keys.tenant_id, tenant_id), isNull(api_keys.revoked_at)))
    .orderBy(api_keys.id)
    .limit(KEYS_MAX);
  if (held.length >= KEYS_MAX) refuse("conflict");
}

/** The operator's: a key of a tenant that is being made. Its secret is in what comes back and nowhere else. Refuses `invalid` (a name of nothing). */
export async function insertFirstKey(chat: Chat, tx: Tx, tenant_id: string, input: NewApiKey): Promise<ApiKey> {
  const name = input.name.trim();
  if (name === "") refuse("invalid", { fields: ["api_key.name"] });
  const expires_at = input.expires_in_seconds === undefined ? null : chat.now() + input.expires_in_seconds * 1_000;
  const given = { name, scope: input.scope, impersonate: input.impersonate ?? false, expires_at };
  const { row, key } = newKey(chat, { tenant_id, user_id: null }, given);
  await tx.insert(chat.store.t.api_keys).values(row);
  const detail = { by: "operator", scope: row.scope, impersonate: row.impersonate };
  await audit(chat, tx, { tenant_id, actor_id: null, action: "api_key.made", target_id: row.id, detail });
  return { ...keyView(row), key };
}

/** For admins, newest first, ended ones too; `cursor` is the id of the last one seen. Never a secret. */
export async function listApiKeys(chat: Chat, who: Principal, input: { cursor?: string; limit?: number } = {}): Promise<List<ApiKey>> {
  if (who.role === "member") refuse("forbidden");
  const { api_keys } = chat.store.t;
  const limit = input.limit ?? 100;
  const rows = await chat.store.read
    .select()
    .from(api_keys)
    .where(and(eq(api_keys.tenant_id, who.tenant_id), input.cursor === undefined ? undefined : lt(api_keys.id, input.cursor)))
    .orderBy(desc(api_keys.id))
    .limit(limit + 1);
  const items = rows.slice(0, limit).map(keyView);
  const last = items.at(-1);
  return rows.length > limit && last ? { items, next_cursor: last.id } : { items };
}

/**
 * Another secret with the same rights, under an id of its own, so that each of the two has its own last use and its own end: the old one ends at
 * once, or holds for as long as asked. Whose rights the asker could not give, they cannot renew, but a key its own. Refuses `not_found` for an ended
 * key, and `conflict` where the old one holds on and there are KEYS_MAX.
 */
export async function rotateApiKey(chat: Chat, who: Principal, input: { key_id: string } & RotateApiKey): Promise<ApiKey> {
  if (who.role === "member") refuse("forbidden");
  const { api_keys } = chat.store.t;
  const now = chat.now();
  const holds_ms = (input.old_holds_seconds ?? 0) * 1_000;
  const { made, key } = await chat.store.write(async (tx) => {
    await lockTenant(tx, who.tenant_id);
    const by = await asOfNow(chat, tx, who);
    if (by.role === "member") refuse("forbidden");
    if (holds_ms > 0) await refuseOneTooMany(chat, tx, who); // for as long as it holds there is one more
    const [old] = await tx
      .update(api_keys)
      .set({ rev: sql`${api_keys.rev} + 1`, changed_at: now })
      .where(and(keyPlace(chat, who, input), isNull(api_keys.revoked_at)))
      .returning();
    if (!old || !isKeyAlive(chat, old)) return refuse("not_found");
    const isItself = keyBehind(who)?.key_id === old.id && keyBehind(who)?.until === undefined;
    if (!isItself) refuseToGive(by, old);
    const ends = holds_ms === 0 ? { revoked_at: now } : { expires_at: Math.min(old.expires_at ?? Infinity, now + holds_ms) };
    await tx
      .update(api_keys)
      .set(ends)
      .where(keyPlace(chat, who, input));
    const { name, scope, impersonate, expires_at } = old;
    const { row, key } = newKey(chat, { tenant_id: who.tenant_id, user_id: makerAfter(old, who) }, { name, scope, impersonate, expires_at });
    await tx.insert(api_keys).values(row);
    const detail = { from: old.id, old_holds_seconds: holds_ms / 1_000 };
    await audit(chat, tx, { tenant_id: who.tenant_id, actor_id: who.user_id, via: who.via, action: "api_key.rotated", target_id: row.id, detail });
    return { made: row, key };
  });
  ringKey(chat, { tenant_id: who.tenant_id, key_id: input.key_id });
  return { ...keyView(made), key };
}

/** Who answers for it from now on: who has renewed it knows its secret, and who made it knows it no more. What a key made ends with that key, whoever renews it. */
const makerAfter = ({ created_by }: Pick<KeyRow, "created_by">, who: Principal): string | null =>
  keyBehind(who) || isKeyUser(created_by ?? "") ? created_by : who.user_id;

/**
 * For admins. Ends the key and what it made: keys, with every socket and token of theirs within two seconds, everywhere, and invitations. A second time
 * is ok. Refuses `not_found`.
 */
export async function revokeApiKey(chat: Chat, who: Principal, input: { key_id: string }): Promise<void> {
  if (who.role === "member") refuse("forbidden");
  const ended = await chat.store.write(async (tx) => {
    await lockTenant(tx, who.tenant_id);
    return endKeys(chat, tx, who, keyPlace(chat, who, input));
  });
  if (ended.makers.length === 0) refuse("not_found");
  ringKeys(chat, who.tenant_id, ended.key_ids);
}

/** `key_ids`: those that have ended by this, to be rung after COMMIT. `makers`: these and all that had ended before, as whoever they made something names them. */
export type EndedKeys = { key_ids: string[]; makers: string[] };

/** What somebody has made ends, as revokeApiKey has it. The tenant is locked. */
export const endKeysOf = (chat: Chat, tx: Tx, who: Principal, created_by: string): Promise<EndedKeys> =>
  endKeys(chat, tx, who, madeBy(chat, who, [created_by]));

async function endKeys(chat: Chat, tx: Tx, who: Principal, first: SQL | undefined): Promise<EndedKeys> {
  const { api_keys } = chat.store.t;
  const now = chat.now();
  const seen = new Set<string>();
  const key_ids: string[] = [];
  for (let which = first; which !== undefined;) {
    const alive = await tx
      .select({ id: api_keys.id })
      .from(api_keys)
      .where(and(which, isNull(api_keys.revoked_at)));
    const set = { revoked_at: sql`coalesce(${api_keys.revoked_at}, ${now})`, rev: sql`${api_keys.rev} + 1`, changed_at: now };
    const ended = await tx.update(api_keys).set(set).where(which).returning({ id: api_keys.id }); // ended ones too: what they have made may still hold
    const fresh = ended.map(({ id }) => id).filter((id) => !seen.has(id));
    for (const id of fresh) seen.add(id);
    key_ids.push(...alive.map(({ id }) => id).filter((id) => fresh.includes(id)));
    which = fresh.length > 0 ? madeBy(chat, who, fresh.map(keyUser)) : undefined;
  }
  const makers = [...seen].map(keyUser);
  for (const maker of makers) await revokeInvitesOf(chat, tx, who, maker);
  for (const target_id of key_ids)
    await audit(chat, tx, { tenant_id: who.tenant_id, actor_id: who.user_id, via: who.via, action: "api_key.revoked", target_id });
  return { key_ids, makers };
}

export const ringKeys = (chat: Chat, tenant_id: string, key_ids: readonly string[]): void => {
  for (const key_id of key_ids) ringKey(chat, { tenant_id, key_id });
};

/** A key is rung as somebody whose rights have changed; who hears it asks for everybody who came by it. */
const ringKey = (chat: Chat, { tenant_id, key_id }: { tenant_id: string; key_id: string }): void =>
  chat.backplane.ringUser({ tenant_id, user_id: keyUser(key_id) });

/** Nothing outlives the key, or the token of a key, that made it; nor may it do what its maker may not. */
function refuseToGive(who: Principal, { impersonate, expires_at }: Pick<KeyRow, "impersonate" | "expires_at">): void {
  if (who.role === "member" || (impersonate && who.role !== "owner")) refuse("forbidden");
  const via = keyBehind(who);
  const ends_at = Math.min(via?.until ?? Infinity, via?.expires_at ?? Infinity);
  if ((expires_at ?? Infinity) > ends_at) refuse("forbidden", { fields: ["expires_in_seconds"] });
}

type Maker = { tenant_id: string; user_id: string | null };

function newKey(chat: Chat, who: Maker, given: Pick<KeyRow, "name" | "scope" | "impersonate" | "expires_at">): { row: KeyRow; key: string } {
  const now = chat.now();
  const id = chat.newId();
  const prefix = `snug_${id.slice(-8)}`; // the random end of an id that is no secret
  const key = `${prefix}_${chat.newSecret()}`;
  const born = { created_by: who.user_id, last_used_at: null, revoked_at: null, rev: 1, changed_at: now, created_at: now };
  return { row: { tenant_id: who.tenant_id, id, hash: hashOf(key), prefix, ...given, ...born }, key };
}

function madeBy(chat: Chat, { tenant_id }: Principal, makers: readonly string[]): SQL | undefined {
  const { api_keys } = chat.store.t;
  return and(eq(api_keys.tenant_id, tenant_id), inArray(api_keys.created_by, [...makers]));
}

function keyView(row: KeyRow): ApiKey {
  return {
    id: row.id,
    name: row.name,
    prefix: row.prefix,
    scope: row.scope,
    impersonate: row.impersonate,
    ...(row.created_by !== null && { created_by: row.created_by }),
    created_at: at(row.created_at),
    ...(row.last_used_at !== null && { last_used_at: at(row.last_used_at) }),
    ...(row.expires_at !== null && { expires_at: at(row.expires_at) }),
    ...(row.revoked_at !== null && { revoked_at: at(row.revoked_at) }),
  };
}
