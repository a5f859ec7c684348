/** Sign-ins: a browser or device that holds a refresh family. Whatever ends one raises its user's rev, and the bell closes its sockets. */
import { and, desc, eq, isNull, ne } from "drizzle-orm";
import { lockUser } from "../../db/locks.ts";
import type { SignInNow } from "../../db/request-islands.ts";
import type { Tx } from "../../db/store.ts";
import type { Login, NewPassword, SignIn } from "../protocol.ts";
import { audit } from "./audit.ts";
import type { AccessClaims, Chat } from "./chat.ts";
import { endFamily, isAlive, type SignedIn, signed, tokenRow } from "./families.ts";
import { foldUsername } from "./names.ts";
import { checkPassword, hashPassword, nobodysHash, verifyPassword } from "./passwords.ts";
import { type Principal, type SignedInPrincipal, signInOf } from "./principal.ts";
import { refuse } from "./refusal.ts";
import { raiseRights } from "./rights.ts";
import { signInAsOf, signInNow } from "./rows-of-sign-ins.ts";
import { hashOf } from "./secrets.ts";
import type { Tenant } from "./tenants.ts";
import { attemptsOf } from "./throttle.ts";
import { type Person, personIn, personKey } from "./user-rows.ts";
import { at } from "./views.ts";

/** What is known of the asker before they are anybody: `device` as their browser calls itself, `address` as the limits count it. */
export type Device = { device: string; address: string };

/**
 * Signs in by username and password. An unknown user and a wrong password take the same path and give the same answer, `unauthorized`. After
 * five failures for an account from one address, `rate_limited` with a growing delay: for that address alone, so nobody locks another out.
 */
export async function signIn(chat: Chat, tenant: Tenant, input: Login, device: Device): Promise<SignedIn> {
  const username = foldUsername(input.username) ?? "";
  const attempts = attemptsOf(chat, JSON.stringify([tenant.id, username, device.address]));
  attempts.refuseIfTooMany();
  const { users } = chat.store.t;
  const [person] = await chat.store.read
    .select()
    .from(users)
    .where(and(eq(users.tenant_id, tenant.id), eq(users.username, username)));
  const { right, stale } = await verifyPassword(input.password, person?.password_hash ?? nobodysHash, device.address);
  attempts.refuseIfTooMany(); // of guesses that came all at once the sixth learns nothing, right or wrong
  if (!person || person.password_hash === null || !right || person.disabled_at !== null) {
    chat.metrics.count("snug_sign_in_failures_total");
    if (attempts.fail()) await auditFailures(chat, tenant.id, person?.id ?? null);
    refuse("unauthorized");
  }
  attempts.succeed();
  const begun = await begin(chat, person, { ...device, ...(input.device !== undefined && { device: input.device }) });
  if (!begun) return signIn(chat, tenant, input, device); // another password by now, of which this one is to be asked
  if (stale) await storePassword(chat, person, await hashPassword(input.password, device.address));
  return begun;
}

/** Begins a family for a person whose right has been asked. Refuses `unauthorized` where they are disabled, or have another password, by now. */
export const signInAs = async (chat: Chat, person: Person, device: Device): Promise<SignedIn> =>
  (await begin(chat, person, device)) ?? refuse("unauthorized");

/** Null where the person is no longer who they were: whoever ends their sign-ins has ended this one too, though it began to be asked before. */
async function begin(chat: Chat, person: Person, { device }: Device): Promise<SignedIn | null> {
  const { t } = chat.store;
  const refresh_token = chat.newSecret();
  const now = chat.now();
  const sign_in_id = chat.newId();
  const isStill = await chat.store.write(async (tx) => {
    await lockUser(tx, { tenant_id: person.tenant_id, user_id: person.id });
    const { disabled_at, password_hash } = await personIn(chat, tx, person.tenant_id, person.id);
    if (disabled_at !== null || password_hash !== person.password_hash) return false;
    const row = {
      tenant_id: person.tenant_id,
      id: sign_in_id,
      user_id: person.id,
      device: device.slice(0, 80),
      born_at: now,
      seen_at: now,
      ended_at: null,
    };
    await tx.insert(t.sign_ins).values(row);
    await tx.insert(t.refresh_tokens).values(tokenRow(chat, row, refresh_token, now));
    await audit(chat, tx, { tenant_id: person.tenant_id, actor_id: person.id, action: "sign_in.made", target_id: sign_in_id });
    return true;
  });
  return isStill ? signed(chat, person, sign_in_id, refresh_token) : null;
}

/** Ends the family that this refresh token belongs to. A token that nobody holds is ok: the asker is signed out either way. */
export async function signOut(chat: Chat, tenant: Tenant, token: string): Promise<void> {
  const { t } = chat.store;
  const ended = await chat.store.write(async (tx) => {
    const [found] = await tx
      .select({ sign_in: t.sign_ins })
      .from(t.refresh_tokens)
      .innerJoin(t.sign_ins, and(eq(t.sign_ins.tenant_id, t.refresh_tokens.tenant_id), eq(t.sign_ins.id, t.refresh_tokens.sign_in_id)))
      .where(and(eq(t.refresh_tokens.hash, hashOf(token)), eq(t.refresh_tokens.tenant_id, tenant.id)));
    if (!found || found.sign_in.ended_at !== null) return null; // whoever says it again ends nothing, and writes nothing
    return endFamily(chat, tx, found.sign_in, "sign_in.ended");
  });
  if (ended) chat.backplane.ringUser(ended);
}

/** One's own devices, latest first; `current` is the one that asks. */
export async function listSignIns(chat: Chat, who: Principal): Promise<{ items: SignIn[] }> {
  const { sign_ins } = chat.store.t;
  const rows = await chat.store.read
    .select()
    .from(sign_ins)
    .where(and(eq(sign_ins.tenant_id, who.tenant_id), eq(sign_ins.user_id, who.user_id), isNull(sign_ins.ended_at)))
    .orderBy(desc(sign_ins.seen_at), desc(sign_ins.id))
    .limit(200);
  const items = rows
    .filter((row) => isAlive(chat, row))
    .map(({ id, device, born_at, seen_at }) => ({
      id,
      device,
      born_at: at(born_at),
      seen_at: at(seen_at),
      current: id === signInOf(who),
    }));
  return { items };
}

/** Ends one of one's own; another's is `not_found`. */
export async function endSignIn(chat: Chat, who: Principal, input: { sign_in_id: string }): Promise<void> {
  const { sign_ins } = chat.store.t;
  await chat.store.write(async (tx) => {
    const [row] = await tx
      .select()
      .from(sign_ins)
      .where(and(eq(sign_ins.tenant_id, who.tenant_id), eq(sign_ins.id, input.sign_in_id), eq(sign_ins.user_id, who.user_id)));
    if (!row || row.ended_at !== null) refuse("not_found");
    await endFamily(chat, tx, row, "sign_in.ended");
  });
  chat.backplane.ringUser({ tenant_id: who.tenant_id, user_id: who.user_id });
}

/**
 * Who says their own password once more, as they are now. Refuses `forbidden` with the field when it is wrong, and `rate_limited` for who guesses: a
 * stolen session is to learn no more than a stranger.
 */
export async function confirmed(chat: Chat, { tenant_id, user_id }: Principal, field: string, password: string): Promise<Person> {
  const asker = ownAsker({ tenant_id, user_id });
  const attempts = attemptsOf(chat, asker);
  attempts.refuseIfTooMany();
  const [person] = await chat.store.read
    .select()
    .from(chat.store.t.users)
    .where(personKey(chat, tenant_id, user_id));
  const { right } = await verifyPassword(password, person?.password_hash ?? nobodysHash, asker);
  attempts.refuseIfTooMany(); // of guesses that came all at once, too
  if (!person || !right) {
    if (attempts.fail()) await auditFailures(chat, tenant_id, user_id);
    return refuse("forbidden", { fields: [field] });
  }
  attempts.succeed();
  return person;
}

const ownAsker = ({ tenant_id, user_id }: Pick<Principal, "tenant_id" | "user_id">): string => JSON.stringify([tenant_id, user_id, "password"]);

/** Refuses `forbidden` when the current one is wrong. Ends all one's other sign-ins. */
export async function changePassword(chat: Chat, who: Principal, input: NewPassword): Promise<void> {
  const person = await confirmed(chat, who, "current_password", input.current_password);
  checkPassword(input.password);
  const isStored = await storePassword(chat, person, await hashPassword(input.password, ownAsker(who)), {
    keep: signInOf(who),
    actor_id: who.user_id,
  });
  if (!isStored) refuse("forbidden", { fields: ["current_password"] }); // it was the current one when it was verified
}

/** The operator's: gives a person of the first tenant another password and ends all their sign-ins. Refuses `not_found`, `invalid`. */
export async function resetPassword(chat: Chat, tenant: Tenant, input: { username: string; password: string }): Promise<void> {
  const { users } = chat.store.t;
  checkPassword(input.password);
  const [person] = await chat.store.read
    .select()
    .from(users)
    .where(and(eq(users.tenant_id, tenant.id), eq(users.username, foldUsername(input.username) ?? "")));
  if (!person) refuse("not_found");
  await storePassword(chat, person, await hashPassword(input.password, "operator"), { keep: null, actor_id: null, whatever: true });
}

/** Who an access token speaks for, as of now: null when its sign-in has ended, its user is disabled or its tenant closed. The role is the user's, not the token's. */
export async function principalOf(chat: Chat, claims: Pick<AccessClaims, "tid" | "sub" | "sid">): Promise<SignedInPrincipal | null> {
  const found = await signInNow(chat, claims);
  return found ? principalIn(chat, claims, found) : null;
}

/** The same without a question, as `signInAsOf` is; null says nothing. */
export function principalAsOf(chat: Chat, claims: Pick<AccessClaims, "tid" | "sub" | "sid">, moment: number): SignedInPrincipal | null {
  const found = signInAsOf(chat, claims, moment);
  return found ? principalIn(chat, claims, found) : null;
}

function principalIn(chat: Chat, { tid, sub, sid }: Pick<AccessClaims, "tid" | "sub" | "sid">, found: SignInNow): SignedInPrincipal | null {
  if (found.disabled_at !== null || !isAlive(chat, found)) return null;
  return { tenant_id: tid, user_id: sub, role: found.role, via: { sign_in_id: sid } };
}

/** Ends all of a person's sign-ins but `keep`. Raise their rights in the same transaction, ring them after COMMIT. */
export async function endSignIns(chat: Chat, tx: Tx, person: Person, keep: string | null = null): Promise<void> {
  const { sign_ins } = chat.store.t;
  const theirs = and(eq(sign_ins.tenant_id, person.tenant_id), eq(sign_ins.user_id, person.id), isNull(sign_ins.ended_at));
  await tx
    .update(sign_ins)
    .set({ ended_at: chat.now() })
    .where(keep === null ? theirs : and(theirs, ne(sign_ins.id, keep)));
}

/** False, and nothing is changed, where it is another than this person's by now; unless it is to be this one `whatever` it is. */
async function storePassword(
  chat: Chat,
  person: Person,
  password_hash: string,
  ends?: { keep: string | null; actor_id: string | null; whatever?: true },
): Promise<boolean> {
  const { users } = chat.store.t;
  const verified = person.password_hash === null ? isNull(users.password_hash) : eq(users.password_hash, person.password_hash);
  const isStored = await chat.store.write(async (tx) => {
    const set = { password_hash, updated_at: chat.now() };
    const stored = await tx
      .update(users)
      .set(set)
      .where(and(personKey(chat, person.tenant_id, person.id), ends?.whatever ? undefined : verified))
      .returning({ id: users.id });
    if (stored.length === 0) return false;
    if (!ends) return true;
    await endSignIns(chat, tx, person, ends.keep);
    await raiseRights(chat, tx, person.tenant_id, [person.id]);
    await audit(chat, tx, { tenant_id: person.tenant_id, actor_id: ends.actor_id, action: "password.changed", target_id: person.id });
    return true;
  });
  if (ends && isStored) chat.backplane.ringUser({ tenant_id: person.tenant_id, user_id: person.id });
  return isStored;
}

async function auditFailures(chat: Chat, tenant_id: string, target_id: string | null): Promise<void> {
  await chat.store.write((tx) => audit(chat, tx, { tenant_id, actor_id: null, action: "sign_in.failing", ...(target_id !== null && { target_id }) }));
}
