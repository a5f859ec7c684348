/** Who is asking and by what right; the second argument of every verb. Made by the doors from a credential, never from a header alone. */
import type { Role } from "../protocol.ts";
import { refuse } from "./refusal.ts";

export type Principal = {
  tenant_id: string;
  /** Where a key asks for nobody but itself: `keyUser` of it, which is in no table. */
  user_id: string;
  /** The user's by now; through a key no more than its scope allows. */
  role: Role;
  /** What carries the right: it ends when this ends. */
  via: SignInVia | KeyVia;
  /** A ticket or minted token that is bound to one room narrows everything to it. */
  room_id?: string;
};

export type SignInVia = { sign_in_id: string };
/** `until` is when the token that the key minted ends, absent where the key itself was shown; `expires_at` when the key ends by itself. */
export type KeyVia = { key_id: string; scope: KeyScope; until?: number; expires_at?: number };
export type KeyScope = "server" | "admin" | "read";

/** What is kept of a right where it outlives the moment it was shown: the rest is asked for as of then. */
export type Right = Pick<Principal, "tenant_id" | "user_id" | "room_id"> & { via: SignInVia | Pick<KeyVia, "key_id" | "until"> };

/** Somebody who signed in, and not a tenant's key acting for them. */
export type SignedInPrincipal = Principal & { via: SignInVia };

/** The sign-in that carries the right; null where a key does. */
export const signInOf = ({ via }: Pick<Principal, "via">): string | null => ("sign_in_id" in via ? via.sign_in_id : null);

/** The key that carries the right, itself or by a token of its; null where a sign-in does. */
export const keyBehind = ({ via }: Pick<Principal, "via">): KeyVia | null => ("key_id" in via ? via : null);

/** A key as somebody who does things: told in the audit log, rung as a user is. No user's id has a slash. */
export const keyUser = (key_id: string): string => `${KEY}${key_id}`;
export const keyOfUser = (user_id: string): string => user_id.slice(KEY.length);
export const isKeyUser = (user_id: string): boolean => user_id.startsWith(KEY);
const KEY = "key/";

/** Both doors ask here before whatever changes something. Refuses `forbidden` where a key may only read. */
export function refuseIfReading({ via }: Principal): void {
  if ("key_id" in via && via.scope === "read") refuse("forbidden");
}
