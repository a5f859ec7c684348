/** Who is asking and by what right; the second argument of every verb. Made by the doors from a credential, never from a header alone. */
import type { Role } from "../protocol.ts";

export type Principal = {
  tenant_id: string;
  user_id: string;
  role: Role;
  /** What carries the right: it ends when this ends. */
  via: { sign_in_id: string };
  /** A ticket bound to one room narrows everything to it. */
  room_id?: string;
};
