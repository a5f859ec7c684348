import { roomStrings } from "../lib/room-strings.ts";
import { strings } from "../lib/strings.ts";
import type { MyRoom } from "../models/rooms.ts";

/** Where somebody would write who may not: why there is nothing to write in. */
export function NoPosting({ room }: { room: MyRoom }) {
  return <p class="room__quiet">{room.archived_at === undefined ? roomStrings.only_admins : strings.archived}</p>;
}
