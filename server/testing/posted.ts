/** What tests of messages say of a post. */
import type { Posted } from "../chat/messages.ts";
import { createRoom } from "../chat/rooms.ts";
import type { Message, Room } from "../protocol.ts";
import type { World } from "./world.ts";

/** The message itself. Throws for who is told no more than that it is stored. */
export function whole({ message }: Posted): Message {
  if (!("content" in message)) throw new Error("only a receipt");
  return message;
}

/** Makes a private channel of ann and bob. */
export const channelIn = async ({ chat, ann, bob }: World, name: string): Promise<Room> =>
  (await createRoom(chat, ann, { type: "channel", name, visibility: "private", user_ids: [bob.user_id] })).room;
