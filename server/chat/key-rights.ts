/**
 * Who asks by an API key. Asked of the database with each request, as a sign-in is: what was revoked a moment ago, on any instance, is refused now,
 * and no cache has to be told. A key acts for users whom keys brought into being and for bots; for people with a password only where the owner
 * gave it that, and the audit log tells whom it was.
 */
import { and, eq, gt, type SQL, sql } from "drizzle-orm";
import { storeFaultOf } from "../../db/faults.ts";
import type { Role } from "../protocol.ts";
import { audit } from "./audit.ts";
import type { Chat, UserBell } from "./chat.ts";
import { isKeyAlive, type KeyRow } from "./key-rows.ts";
import { noteUse } from "./key-uses.ts";
import { given, prepared } from "./prepared.ts";
import { keyOfUser, type KeyScope, keyUser, type KeyVia, type Principal, type Right } from "./principal.ts";
import { createRecent, type Recent } from "./recent.ts";
import { refuse } from "./refusal.ts";
import { hashOf } from "./secrets.ts";
import { insertUser } from "./user-rows.ts";

export type HeldKey = Pick<KeyRow, "tenant_id" | "id" | "scope" | "impersonate" | "expires_at" | "revoked_at" | "last_used_at">;
type Acting = { role: Role; disabled_at: number | null; password_hash: string | null };

const keyForm = /^snug_[0-9a-z]{8}_[\w-]{43}$/u; // what cannot be one costs no look
/** The id by which everybody asks for themselves. */
export const RESERVED = "me";
const TOLD_MS = 3_600_000; // one line of the audit log per key, person and hour tells enough

/**
 * The key of this text, alive as of now; null for every other text. `stranger` is called, and may refuse, before a text is looked for that has not
 * been a key's lately: whoever guesses is stopped before they cost a look, and beside them whoever holds a key goes on.
 */
export async function keyShown(chat: Chat, text: string, stranger: () => void = () => {}): Promise<HeldKey | null> {
  if (!keyForm.test(text)) return null;
  const hash = hashOf(text);
  const known = knownIn(chat);
  if (!known.get(hash)) stranger();
  const [key] = await byHash(chat, { hash });
  const held = used(chat, key);
  if (held) known.set(hash, true);
  else known.delete(hash);
  return held;
}

const knownOf = new WeakMap<Chat, Recent<true>>();

/** No right is taken from here: only who is no stranger. */
function knownIn(chat: Chat): Recent<true> {
  const known = knownOf.get(chat) ?? createRecent<true>(10_000);
  knownOf.set(chat, known);
  return known;
}

/** The key that carries this right, alive as of now. */
export async function keyNow(chat: Chat, { tenant_id, key_id }: { tenant_id: string; key_id: string }): Promise<HeldKey | null> {
  const [key] = await byId(chat, { tenant_id, key_id });
  return used(chat, key);
}

/** The key for itself, for what needs no user: it administers where its scope is `admin`, and is in no room. */
export const keyItself = (key: HeldKey): Principal => ({
  tenant_id: key.tenant_id,
  user_id: keyUser(key.id),
  role: capped("admin", key.scope),
  via: viaOf(key),
});

/**
 * The user for whom the key acts. Whom nobody knows is brought into being, as a member, in no room. Refuses `invalid` (an id that is none, a name),
 * `forbidden`: disabled, a person with a password, or unknown to a key that only reads.
 */
export async function actFor(chat: Chat, key: HeldKey, input: { user_id: string; display_name?: string }): Promise<Principal> {
  const { tenant_id } = key;
  const { user_id } = input;
  const user = (await actingAs(chat, { tenant_id, user_id }))[0] ?? (await bring(chat, key, input));
  const isRefused = user.disabled_at !== null || !mayActFor(key, user);
  const isPerson = user.password_hash !== null;
  if (isPerson && isRefused)
    await tellOf(chat, key, user_id, "user.impersonation_refused").catch((fault: unknown) => chat.log.warn("audit.refused", { why: String(fault) }));
  if (isRefused) refuse("forbidden");
  if (isPerson) await tellOf(chat, key, user_id, "user.impersonated");
  return { tenant_id, user_id, role: capped(user.role, key.scope), via: viaOf(key) };
}

/** The right that hangs on a key, as of now; null when the key, its token or its user has ended. */
export async function renewedByKey(
  chat: Chat,
  { tenant_id, user_id, via }: Right & { via: Pick<KeyVia, "key_id" | "until"> },
): Promise<Principal | null> {
  if (via.until !== undefined && chat.now() >= via.until) return null;
  const key = await keyNow(chat, { tenant_id, key_id: via.key_id });
  if (!key) return null;
  const [user] = await actingAs(chat, { tenant_id, user_id });
  if (!user || user.disabled_at !== null || !mayActFor(key, user)) return null;
  return { tenant_id, user_id, role: capped(user.role, key.scope), via: viaOf(key, via.until) };
}

export type ChangedKey = { tenant_id: string; key_id: string; rev: number; alive: boolean; expires_at: number | null };

/** Keys whose rights have changed since, as they are now. */
export async function keysChanged(chat: Chat, since: number): Promise<ChangedKey[]> {
  return changedWhere(chat, gt(chat.store.t.api_keys.changed_at, since));
}

/** The key whose bell this is, as it is now. */
export async function keyChanged(chat: Chat, { tenant_id, user_id }: UserBell): Promise<ChangedKey | null> {
  const { api_keys } = chat.store.t;
  const [key] = await changedWhere(chat, and(eq(api_keys.tenant_id, tenant_id), eq(api_keys.id, keyOfUser(user_id))));
  return key ?? null;
}

async function changedWhere(chat: Chat, met: SQL | undefined): Promise<ChangedKey[]> {
  const { tenant_id, id, rev, revoked_at, expires_at } = chat.store.t.api_keys;
  const rows = await chat.store.read.select({ tenant_id, key_id: id, rev, revoked_at, expires_at }).from(chat.store.t.api_keys).where(met);
  return rows.map(({ revoked_at, ...key }) => ({ ...key, alive: isKeyAlive(chat, { ...key, revoked_at }) }));
}

function used(chat: Chat, key: HeldKey | undefined): HeldKey | null {
  if (!key || !isKeyAlive(chat, key)) return null;
  noteUse(chat, key);
  return key;
}

const mayActFor = (key: HeldKey, { password_hash }: Acting): boolean => password_hash === null || key.impersonate;

/** A key gives no more than its scope: never an owner's, and an admin's only where it is one. */
const capped = (role: Role, scope: KeyScope): Role => (role !== "member" && scope === "admin" ? "admin" : "member");

const viaOf = ({ id, scope, expires_at }: HeldKey, until?: number): KeyVia => ({
  key_id: id,
  scope,
  ...(until !== undefined && { until }),
  ...(expires_at !== null && { expires_at }),
});

async function bring(chat: Chat, key: HeldKey, { user_id, display_name }: { user_id: string; display_name?: string }): Promise<Acting> {
  if (key.scope === "read") refuse("forbidden");
  if (user_id === RESERVED) refuse("invalid", { fields: ["user_id"] });
  const name = display_name?.trim() || user_id;
  const { tenant_id } = key;
  await chat.store
    .write(async (tx) => {
      await insertUser(chat, tx, { tenant_id, id: user_id, username: null, display_name: name, password_hash: null, role: "member" });
      await audit(chat, tx, { tenant_id, actor_id: keyUser(key.id), action: "user.brought", target_id: user_id });
    })
    .catch((fault: unknown) => {
      if (storeFaultOf(fault)?.kind !== "conflict") throw fault; // a twin has brought them
    });
  const [user] = await actingAs(chat, { tenant_id, user_id });
  return user ?? refuse("conflict");
}

const toldOf = new WeakMap<Chat, Recent<number>>();

/** Who has a password is acted for, or is not. Throws where it cannot be written: then nobody is acted for. */
async function tellOf(
  chat: Chat,
  { tenant_id, id }: HeldKey,
  user_id: string,
  action: "user.impersonated" | "user.impersonation_refused",
): Promise<void> {
  const told = toldOf.get(chat) ?? createRecent<number>(10_000);
  toldOf.set(chat, told);
  const place = JSON.stringify([tenant_id, id, user_id, action]);
  const before = told.get(place);
  if (before !== undefined && Math.abs(chat.now() - before) < TOLD_MS) return;
  told.set(place, chat.now());
  const entry = { tenant_id, actor_id: keyUser(id), action, target_id: user_id } as const;
  await chat.store
    .write((tx) => audit(chat, tx, entry))
    .catch((fault: unknown) => {
      told.delete(place);
      throw fault;
    });
}

const columns = ({ api_keys }: Chat["store"]["t"]) => ({
  tenant_id: api_keys.tenant_id,
  id: api_keys.id,
  scope: api_keys.scope,
  impersonate: api_keys.impersonate,
  expires_at: api_keys.expires_at,
  revoked_at: api_keys.revoked_at,
  last_used_at: api_keys.last_used_at,
});

/** As a question for each key: joined, Postgres may read all tenants for one. */
const ofOpenTenant = ({ api_keys, tenants }: Chat["store"]["t"]) =>
  sql`(SELECT ${tenants.disabled_at} FROM ${tenants} WHERE ${tenants.id} = ${api_keys.tenant_id}) IS NULL`;

const byHash = prepared(({ read, t }) =>
  read
    .select(columns(t))
    .from(t.api_keys)
    .where(and(eq(t.api_keys.hash, given("hash")), ofOpenTenant(t)))
    .prepare("key_by_hash"),
);

const byId = prepared(({ read, t }) =>
  read
    .select(columns(t))
    .from(t.api_keys)
    .where(and(eq(t.api_keys.tenant_id, given("tenant_id")), eq(t.api_keys.id, given("key_id")), ofOpenTenant(t)))
    .prepare("key_by_id"),
);

const actingAs = prepared(({ read, t: { users } }) =>
  read
    .select({ role: users.role, disabled_at: users.disabled_at, password_hash: users.password_hash })
    .from(users)
    .where(and(eq(users.tenant_id, given("tenant_id")), eq(users.id, given("user_id"))))
    .prepare("acting_as"),
);
