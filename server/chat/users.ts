/** People of a tenant: what is told of them, what they and those who run it change, and what ends them. How they come is told in registration.ts. */
import { and, asc, eq, gt, inArray, isNull, ne } from "drizzle-orm";
import { lockTenant, lockUser } from "../../db/locks.ts";
import type { Tx } from "../../db/store.ts";
import type { List, Me, PatchMe, PatchUser, User } from "../protocol.ts";
import { asOfNow } from "./as-of-now.ts";
import { audit } from "./audit.ts";
import { endWhatTheyMade } from "./bans.ts";
import type { Chat } from "./chat.ts";
import { keyBehind, type Principal } from "./principal.ts";
import { refuse } from "./refusal.ts";
import { raiseRights } from "./rights.ts";
import { endSignIns } from "./sign-ins.ts";
import { seenBy } from "./seen-by.ts";
import { forgetSmall, letGoFaces } from "./small-pictures.ts";
import { standingAfter } from "./standing-of-users.ts";
import { statusOf } from "./statuses.ts";
import type { Tenant } from "./tenants.ts";
import { findByName, renameIn } from "./user-names.ts";
import { type Person, personIn, personKey } from "./user-rows.ts";
import { looksOf, userView } from "./views.ts";

export async function getMe(chat: Chat, who: Principal): Promise<Me> {
  const { t, read } = chat.store;
  const [found] = await read
    .select({ user: t.users, tenant: t.tenants })
    .from(t.users)
    .innerJoin(t.tenants, eq(t.tenants.id, t.users.tenant_id))
    .where(personKey(chat, who.tenant_id, who.user_id));
  const { user, tenant } = found ?? refuse("unauthorized");
  return {
    ...userView(chat, user),
    settings: user.settings,
    workspace: tenant.name,
    registration: tenant.registration,
    ...looksOf(tenant),
    ...receiptsOf(tenant),
  };
}

/**
 * One's own display name, settings (16 KiB; merged by key, null removes one) and status (statuses.ts). Never a role. Settings are told to one's
 * own devices, name and status to whoever shares a room.
 */
export async function patchMe(chat: Chat, who: Principal, input: PatchMe): Promise<Me> {
  const display_name = input.display_name?.trim();
  if (display_name === "") refuse("invalid", { fields: ["display_name"] });
  const status = input.status === undefined ? {} : statusOf(input.status, chat.now());
  const { me, told } = await chat.store.write(async (tx) => {
    await lockUser(tx, who); // settings are one JSON, which two devices would otherwise take from each other
    const person = await personIn(chat, tx, who.tenant_id, who.user_id);
    if (person.disabled_at !== null) refuse("unauthorized"); // erased meanwhile: nothing of them comes back
    const merged = Object.entries({ ...person.settings, ...input.settings }).filter(([, value]) => value !== null);
    const settings = Object.fromEntries(merged);
    if (Buffer.byteLength(JSON.stringify(settings)) > chat.config.limits.meta_bytes) refuse("too_large", { fields: ["settings"] });
    const next = { ...person, settings, ...status, ...(display_name !== undefined && { display_name }) };
    const set = { settings, ...status, ...(display_name !== undefined && { display_name }), updated_at: chat.now() };
    await tx
      .update(chat.store.t.users)
      .set(set)
      .where(personKey(chat, who.tenant_id, who.user_id));
    if (next.display_name !== person.display_name) await renameIn(chat, tx, person, next);
    const told = next.display_name !== person.display_name || input.status !== undefined;
    if (told) await raiseRights(chat, tx, who.tenant_id, [who.user_id]);
    return { me: next, told };
  });
  if (told) await tellOf(chat, me);
  if (input.settings) tellOwn(chat, me);
  chat.backplane.ringUser({ tenant_id: who.tenant_id, user_id: who.user_id });
  return getMe(chat, who);
}

/**
 * People of the tenant by id, or those of `ids` (≤ 200), or those of whose names a word begins with `q`: the first of them by name, without a next
 * page, because who seeks types on. Where the directory is off, only whom one shares a room with.
 */
export async function listUsers(
  chat: Chat,
  who: Principal,
  input: { cursor?: string; limit?: number; ids?: string[]; q?: string } = {},
): Promise<List<User>> {
  const { users } = chat.store.t;
  const limit = input.limit ?? 100;
  if (input.q !== undefined) {
    const seen = await seenBy(chat, who, "all", chat.store.t.user_names.user_id);
    const found = await findByName(chat, chat.store.read, { tenant_id: who.tenant_id, q: input.q, limit, seen });
    return { items: found.map((row) => userView(chat, row)) };
  }
  const seen = await seenBy(chat, who, input.ids === undefined ? "all" : "few");
  const rows = await chat.store.read
    .select()
    .from(users)
    .where(
      and(
        eq(users.tenant_id, who.tenant_id),
        input.ids ? inArray(users.id, input.ids) : undefined,
        input.cursor === undefined ? undefined : gt(users.id, input.cursor),
        seen,
      ),
    )
    .orderBy(asc(users.id))
    .limit(limit + 1);
  const items = rows.slice(0, limit).map((row) => userView(chat, row));
  const last = items.at(-1);
  return rows.length > limit && last ? { items, next_cursor: last.id } : { items };
}

export async function getUser(chat: Chat, who: Principal, input: { user_id: string }): Promise<User> {
  const [user] = (await listUsers(chat, who, { ids: [input.user_id] })).items;
  return user ?? refuse("not_found");
}

/**
 * For admins: gives a role, disables or enables, takes a picture away. Nobody changes themselves; only an owner makes or unmakes owners; the last enabled owner
 * stays. Disabling ends all sign-ins and closes all sockets within two seconds; a ban also ends what they have made that lets in or tells
 * (`endWhatTheyMade`). Refuses `conflict` for who is erased, and for an owner whom nobody could sign in as.
 */
export async function patchUser(chat: Chat, who: Principal, input: { user_id: string } & PatchUser): Promise<User> {
  if (who.role === "member") refuse("forbidden");
  const { next, before, ended } = await chat.store.write(async (tx) => {
    await lockTenant(tx, who.tenant_id);
    const by = await asOfNow(chat, tx, who);
    if (by.role === "member") refuse("forbidden");
    const person = await personIn(chat, tx, who.tenant_id, input.user_id);
    if (person.id === who.user_id) refuse("forbidden");
    const role = input.role ?? person.role;
    if ((role === "owner" || person.role === "owner") && by.role !== "owner") refuse("forbidden");
    if (role === "owner" && person.role !== "owner" && !couldSignIn(person)) refuse("conflict");
    const standing = standingAfter(chat, person, input);
    const face = input.avatar_id === null ? { avatar_id: null } : {};
    const { disabled_at } = standing;
    const rises = role !== "member" && (person.role === "member" || (person.disabled_at !== null && disabled_at === null));
    if (keyBehind(who) && rises && person.password_hash !== null) refuse("forbidden"); // they would outlive the key, and make others
    if (person.role === "owner" && (role !== "owner" || disabled_at !== null)) await anotherOwner(chat, tx, person);
    await tx
      .update(chat.store.t.users)
      .set({ role, ...standing, ...face, updated_at: chat.now() })
      .where(personKey(chat, who.tenant_id, person.id));
    if (input.avatar_id === null) await letGoFaces(chat, tx, person);
    if (disabled_at !== null) await endSignIns(chat, tx, person);
    const ended = input.banned === true ? await endWhatTheyMade(chat, tx, who, person.id) : null;
    await raiseRights(chat, tx, who.tenant_id, [person.id]);
    const detail = {
      ...{ role, disabled: disabled_at !== null, ...(standing.disabled_why === "banned" && { banned: true }) },
      ...(input.avatar_id === null && { picture: false }),
    };
    await audit(chat, tx, { tenant_id: who.tenant_id, actor_id: who.user_id, via: who.via, action: "user.changed", target_id: person.id, detail });
    return { next: { ...person, role, ...standing, ...face }, before: person.avatar_id, ended };
  });
  ended?.();
  if (input.avatar_id === null) await forgetSmall(chat, who.tenant_id, before);
  await tellOf(chat, next);
  chat.backplane.ringUser({ tenant_id: who.tenant_id, user_id: next.id });
  return userView(chat, next);
}

/** Their other devices follow what they have set. */
function tellOwn(chat: Chat, person: Person): void {
  const { tenant_id, id, settings } = person;
  chat.backplane.tell({ tenant_id, to: { user_id: id }, frame: { type: "user", user: userView(chat, person), settings } });
}

/**
 * Tells the rooms of this person how they are called now, and what they are: also rooms they have left, where what they said stands. Who is away
 * meets them as they are then, in `hello` or a page.
 */
export async function tellOf(chat: Chat, person: Person): Promise<void> {
  const { members } = chat.store.t;
  const { tenant_id, id } = person;
  const rooms = await chat.store.read
    .select({ room_id: members.room_id })
    .from(members)
    .where(and(eq(members.tenant_id, tenant_id), eq(members.user_id, id)));
  const frame = { type: "user", user: userView(chat, person) } as const;
  for (const { room_id } of rooms) chat.backplane.tell({ tenant_id, to: { room_id }, frame });
  chat.backplane.tell({ tenant_id, to: { user_id: id }, frame });
}

/** Where the workspace tells who has read what. */
const receiptsOf = ({ config }: Tenant): Pick<Me, "receipts"> => (config?.receipts ? { receipts: true } : {});

/**
 * Refuses `conflict` for the last who owns it. Whatever gives or takes a role, or disables, holds the tenant's lock from before it reads whom it
 * changes: else two who leave at once would both find the other, and who becomes the owner meanwhile would be changed as what they were.
 */
export async function anotherOwner(chat: Chat, tx: Tx, person: Person): Promise<void> {
  const { users } = chat.store.t;
  const others = and(eq(users.tenant_id, person.tenant_id), eq(users.role, "owner"), isNull(users.disabled_at), ne(users.id, person.id));
  const owners = await tx.select().from(users).where(others);
  if (!owners.some(couldSignIn)) refuse("conflict");
}

/** Whom nobody can sign in as owns nothing: a key that acts for them is no owner. */
export const couldSignIn = ({ kind, password_hash }: Pick<Person, "kind" | "password_hash">): boolean => kind !== "bot" && password_hash !== null;
