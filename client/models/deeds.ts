/** What somebody does with rooms and messages that is more than one model's: each asks the server, and what it answers is here at once. */
import type { Message, Room } from "../../server/protocol.ts";
import type { Api } from "../api.ts";
import type { Link } from "../link.ts";
import type { Acks } from "./acks.ts";
import type { Place } from "./place.ts";
import type { Rooms } from "./rooms.ts";
import type { Timelines } from "./timelines.ts";

export type DeedsParts = {
  api: Pick<Api, "patch" | "delete">;
  link: Pick<Link, "say">;
  rooms: Rooms;
  place: Place;
  timelines: Timelines;
  acks: Acks;
  answered(room_id: string, message: Message): void;
};

export const createDeeds = ({ api, link, rooms, place, timelines, acks, answered }: DeedsParts) => ({
  /** One person: the one dm with them, which is found where there is one. Several: a new group. */
  startDirect: (user_ids: readonly string[]): Promise<Room> =>
    rooms.create({ type: user_ids.length === 1 ? "dm" : "group", user_ids: [...user_ids] }),
  /** Leaves a room and goes on to where one was before. */
  async leave(room_id: string): Promise<void> {
    await rooms.leave(room_id);
    if (place.room_id.peek() === room_id) place.goOn("/");
  },
  /** Unread from this message on, on all devices; the New line stands over it. */
  async markUnread({ room_id, seq }: Message): Promise<void> {
    await acks.mark(room_id, seq);
    timelines.of(room_id)?.beginNew(seq);
  },
  /** Everything said so far in every room is read. */
  readAll(): void {
    for (const { id, last_seq, me } of rooms.rooms.value.values()) if (me.unread > 0) acks.seen(id, last_seq, true);
  },
  async edit({ room_id, id }: Message, content: string): Promise<void> {
    answered(room_id, await api.patch<Message>(`/rooms/${room_id}/messages/${id}`, { content }));
  },
  async remove({ room_id, id }: Message): Promise<void> {
    answered(room_id, await api.delete<Message>(`/rooms/${room_id}/messages/${id}`));
  },
  types: (room_id: string, is_typing: boolean): void => link.say({ type: "typing", room_id, is_typing }),
});
