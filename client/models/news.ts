/**
 * What is new this very moment: messages of others that arrive live. A catch-up, a repetition, an edit and one's own post are no news. Hears each
 * frame before the other models do, because a message is news if its seq is above what the room had.
 */
import type { Message, ServerFrame, User } from "../../server/protocol.ts";
import type { MyRoom, Rooms } from "./rooms.ts";

export type News = { message: Message; sender: User; room: MyRoom };

export function createNews(rooms: Pick<Rooms, "rooms">, myId: () => string, tell: (news: News) => void): (frame: ServerFrame) => void {
  let live = false;
  return (frame) => {
    if (frame.type === "hello") live = false;
    if (frame.type === "caught_up") live = true;
    if (frame.type !== "message" || !live) return;
    const { message, user } = frame;
    const room = rooms.rooms.peek().get(message.room_id);
    if (!room || message.seq <= room.last_seq || message.sender_id === myId() || message.removed_at !== undefined) return;
    tell({ message, sender: user, room });
  };
}
