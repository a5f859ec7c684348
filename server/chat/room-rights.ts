/**
 * Who may do what in a room they are in: the one table that the verbs ask, and docs/security-model.md prints. To be in the room comes first, and is
 * asked by members.ts: for whoever is not in it there is no room. What a room's type or its being archived forbids, it forbids to everybody.
 */
import type { Role } from "../protocol.ts";
import type { Principal } from "./principal.ts";
import { refuse } from "./refusal.ts";
import type { RoomRow } from "./views.ts";

type HasRole = { role: Role };

/** By their role in the room; `workspace` is a member of any role who is the workspace's owner or one of its admins. */
export type Standing = Role | "workspace";

const EVERYBODY = ["owner", "admin", "member", "workspace"] as const;
const WHO_RUNS = ["owner", "admin", "workspace"] as const;

export const roomRights = {
  "read it": EVERYBODY,
  post: EVERYBODY,
  "post where only admins post": WHO_RUNS,
  "edit or remove a message of their own": EVERYBODY,
  "leave it": EVERYBODY,
  "bring somebody in": EVERYBODY,
  "react to a message": EVERYBODY,
  "pin a message, or take the pin off": EVERYBODY,
  "pin a message where only admins post": WHO_RUNS,
  "remove a message of another's": WHO_RUNS,
  "rename, describe, open, close or archive it, set its metadata, or say who posts": WHO_RUNS,
  "put somebody out": WHO_RUNS,
  "make somebody an admin or a member": WHO_RUNS,
  "put its owner out": ["workspace"],
  "hand it over to another owner": ["owner"],
} as const satisfies Record<string, readonly Standing[]>;

export type Deed = keyof typeof roomRights;

export function mayDo(deed: Deed, who: Pick<Principal, "role">, member: { role: Role }): boolean {
  const allowed: readonly Standing[] = roomRights[deed];
  return allowed.includes(member.role) || (who.role !== "member" && allowed.includes("workspace"));
}

/**
 * Whether they may post in the room as it is now. A key's scope and what they are in the workspace now both bound them: a right that has ended
 * since the asker was known is no right.
 */
export function mayPost(
  who: Pick<Principal, "role">,
  { room, member, user }: { room: Pick<RoomRow, "posting">; member: HasRole; user: HasRole },
): boolean {
  const role = user.role === "member" ? "member" : who.role;
  return room.posting === null || mayDo("post where only admins post", { role }, member);
}

/** Refuses `forbidden`. */
export function refuseUnless(deed: Deed, who: Pick<Principal, "role">, member: { role: Role }): void {
  if (!mayDo(deed, who, member)) refuse("forbidden");
}
