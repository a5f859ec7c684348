/** Who is asking and by what right; the second argument of every verb. Made by the doors from a credential, never from a header alone. */
import type { Role } from "../protocol.ts";

export type Principal = {
  tenant_id: string;
  user_id: string;
  role: Role;
  /** What carries the right: it ends when this ends. */
  via: SignInVia | KeyVia;
  /** A ticket bound to one room narrows everything to it. */
  room_id?: string;
};

export type SignInVia = { sign_in_id: string };
/** `until` is when the token that the key minted ends; absent where the key itself was shown. */
export type KeyVia = { key_id: string; scope: KeyScope; until?: number };
export type KeyScope = "server" | "admin" | "read";

/** What is kept of a right where it outlives the moment it was shown: the rest is asked for as of then. */
export type Right = Pick<Principal, "tenant_id" | "user_id" | "room_id"> & { via: SignInVia | Omit<KeyVia, "scope"> };

/** Somebody who signed in, and not a tenant's key acting for them. */
export type SignedInPrincipal = Principal & { via: SignInVia };

/** The sign-in that carries the right; null where a key does. */
export const signInOf = ({ via }: Pick<Principal, "via">): string | null => ("sign_in_id" in via ? via.sign_in_id : null);
