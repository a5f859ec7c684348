/** What sockets know of the rooms they may hear of: one object for all who know the same, since ten thousand sockets know the same few rooms. */
import { createRecent } from "../chat/recent.ts";
import type { Room } from "../protocol.ts";

export type KnownRoom = {
  readonly room_id: string;
  /** Whether presence is told in it. */
  readonly small: boolean;
  /** The user's own place in it; another text when that has changed. */
  readonly me: string;
};
export type KnowRoom = (room: Pick<Room, "id" | "member_count" | "me">) => KnownRoom;

/** Members up to which presence is told; larger rooms ask by REST. */
export const SMALL_ROOM = 200;
const KEPT_MAX = 65_536;

export function createKnown(): KnowRoom {
  const kept = createRecent<KnownRoom>(KEPT_MAX);
  return ({ id, member_count, me }) => {
    const known: KnownRoom = { room_id: id, small: member_count <= SMALL_ROOM, me: me ? `${me.role} ${me.level} ${me.marked_seq ?? ""}` : "" };
    const key = `${known.small ? "small" : "large"} ${known.me} ${id}`;
    const same = kept.get(key);
    if (!same) kept.set(key, known);
    return same ?? known;
  };
}
