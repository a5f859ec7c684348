/** What sockets know of the rooms they may hear of: one object for all who know the same, since ten thousand sockets know the same few rooms. */
import { createRecent } from "../chat/recent.ts";
import type { Principal } from "../chat/principal.ts";
import type { Role, Room } from "../protocol.ts";

export type KnownRoom = {
  readonly room_id: string;
  /** Whether presence is told in it. */
  readonly small: boolean;
  /** The user's own place in it; another text when that has changed. */
  readonly me: string;
};
export type Known = {
  room(room: Told): KnownRoom;
  /** One list too, where it has been asked for lately. */
  rooms(rooms: readonly Told[]): readonly KnownRoom[];
  /** The same, without texts of its own that others have too. */
  who(who: Principal): Principal;
};
type Told = Pick<Room, "id" | "member_count" | "me">;

/** Members up to which presence is told; larger rooms ask by REST. */
export const SMALL_ROOM = 200;
const KEPT_MAX = 65_536;
const TENANTS_MAX = 4_096;
const LISTS_MAX = 1_024; // they differ more than rooms do: what helps nobody must not cost much

export function createKnown(): Known {
  const kept = createRecent<{ known: KnownRoom; number: number }>(KEPT_MAX);
  const lists = createRecent<readonly KnownRoom[]>(LISTS_MAX);
  const tenants = createRecent<string>(TENANTS_MAX);
  let count = 0;
  const numbered = ({ id, member_count, me }: Told): { known: KnownRoom; number: number } => {
    const known: KnownRoom = { room_id: id, small: member_count <= SMALL_ROOM, me: me ? `${me.role} ${me.level} ${me.marked_seq ?? ""}` : "" };
    const key = `${known.small ? "small" : "large"} ${known.me} ${id}`;
    const same = kept.get(key) ?? { known, number: (count += 1) };
    kept.set(key, same);
    return same;
  };
  return {
    room: (room) => numbered(room).known,
    rooms(rooms) {
      const all = rooms.map(numbered);
      const key = all.map(({ number }) => number).join(" ");
      const same = lists.get(key) ?? all.map(({ known }) => known);
      lists.set(key, same);
      return same;
    },
    who(who) {
      const tenant_id = tenants.get(who.tenant_id) ?? who.tenant_id;
      tenants.set(tenant_id, tenant_id);
      return { ...who, tenant_id, role: roles[who.role] };
    },
  };
}

const roles: { readonly [R in Role]: R } = { owner: "owner", admin: "admin", member: "member" };
