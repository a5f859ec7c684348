/** Tenants: which one a request belongs to, and how the first comes to be. */
import { asc, eq, notLike } from "drizzle-orm";
import type { Tables, Tx } from "../../db/store.ts";
import type { Setup } from "../protocol.ts";
import { audit } from "./audit.ts";
import type { Chat } from "./chat.ts";
import { foldUsername } from "./names.ts";
import { checkPassword, hashPassword } from "./passwords.ts";
import { Refusal, refuse } from "./refusal.ts";
import { insertRoom } from "./rooms.ts";
import { storeFaultOf } from "../../db/faults.ts";
import type { SignedIn } from "./families.ts";
import { type Device, signInAs } from "./sign-ins.ts";
import { insertUser, type Person } from "./user-rows.ts";

export type Tenant = Tables["tenants"]["$inferSelect"];

/**
 * The tenant whose `host` is the request's, else the first; null before setup, and at the host of one that is closed. `host` is folded and without
 * its port.
 */
export async function tenantOf(chat: Chat, host: string): Promise<Tenant | null> {
  const { t, read } = chat.store;
  const [named] = await read.select().from(t.tenants).where(eq(t.tenants.host, host));
  if (named) return named.disabled_at === null ? named : null;
  return firstTenant(chat);
}

/** The tenant that setup has made; null before it. One that the operator made is never it: nobody signs in there by another's host. */
export async function firstTenant(chat: Chat): Promise<Tenant | null> {
  const { tenants } = chat.store.t;
  const [made] = await chat.store.read.select().from(tenants).where(eq(tenants.id, FIRST));
  if (made) return made;
  const [first] = await chat.store.read
    .select()
    .from(tenants)
    .where(notLike(tenants.id, `${OPERATORS}%`))
    .orderBy(asc(tenants.created_at), asc(tenants.id))
    .limit(1);
  return first ?? null;
}

export const isSetUp = async (chat: Chat): Promise<boolean> => (await firstTenant(chat)) !== null;

/** The first tenant always has this id: inserting it is what makes two setups at once be one. */
const FIRST = "first";

/** How the ids of all others begin: whenever they were made, none of them is the first. */
export const OPERATORS = "t-";

/**
 * Makes the first tenant, its owner, and the public channel `general`, and signs the owner in. Exactly one of any number at once succeeds.
 * Refuses `not_found` once there is a tenant, `unauthorized` (the token is not the printed one), `invalid` (username, password, workspace).
 */
export async function setUp(chat: Chat, input: Setup, device: Device): Promise<SignedIn> {
  if (await isSetUp(chat)) refuse("not_found");
  if (!sameSecret(input.setup_token, chat.keys.setup_token)) refuse("unauthorized");
  const username = foldUsername(input.username) ?? refuse("invalid", { fields: ["username"] });
  const name = input.workspace.trim();
  if (name === "") refuse("invalid", { fields: ["workspace"] });
  checkPassword(input.password);
  const password_hash = await hashPassword(input.password, device.address);
  const user = await chat.store
    .write(async (tx) => {
      await insertFirst(chat, tx, name);
      const owner = await insertOwner(chat, tx, { tenant_id: FIRST, username, display_name: input.username.trim(), password_hash });
      await audit(chat, tx, { tenant_id: FIRST, actor_id: owner.id, action: "workspace.made" });
      return owner;
    })
    .catch((fault: unknown) => {
      throw storeFaultOf(fault)?.kind === "conflict" ? new Refusal("not_found") : fault;
    });
  return signInAs(chat, user, device); // nobody listens yet: no bell
}

/** A new tenant's owner, and the channel that everybody who comes later joins. */
export async function insertOwner(
  chat: Chat,
  tx: Tx,
  given: { tenant_id: string; username: string; display_name: string; password_hash: string },
): Promise<Person> {
  const owner = await insertUser(chat, tx, { ...given, role: "owner" });
  const who = { tenant_id: given.tenant_id, user_id: owner.id, role: owner.role, via: { sign_in_id: "" } };
  await insertRoom(chat, tx, who, { type: "channel", name: "general", visibility: "public", description: "For everybody" }, [owner.id]);
  return owner;
}

async function insertFirst(chat: Chat, tx: Tx, name: string): Promise<void> {
  const now = chat.now();
  const { registration } = chat.config;
  const row = { id: FIRST, name, host: null, registration, directory: true, limits: {}, created_at: now, updated_at: now };
  await tx.insert(chat.store.t.tenants).values(row);
}

/** Compares in constant time, by hashes, so that lengths do not matter. */
export function sameSecret(given: string, kept: string): boolean {
  const digest = (text: string) => new Bun.CryptoHasher("sha256").update(text).digest();
  return crypto.timingSafeEqual(digest(given), digest(kept));
}
