/**
 * The first seed's dialect on our sockets: what its clients say is read as a frame of ours and goes the way of all frames, with their limits and
 * refusals; what they would be told is said in their words, or not at all. So there is no second door: only another tongue at this one.
 *
 * Such a socket hears one room, from where it stood when the socket was asked for, and says nothing for it (its clients know no `sync`). A message is told once, as it
 * is then: edits and removals have no word there. Somebody comes and goes by their presence, as there, and by becoming a member or ceasing to be one.
 */
import { checkTexts } from "../chat/bounds.ts";
import type { Chat } from "../chat/chat.ts";
import type { Head } from "../chat/members.ts";
import { onlineIn } from "../chat/presence.ts";
import { usersNamed } from "../chat/senders.ts";
import type { ClientFrame, Row, ServerFrame, User } from "../protocol.ts";
import type { ChatroomServerFrame } from "../protocol/dialects.ts";
import { checkedFrame, readText } from "./frames.ts";
import type { RoomPlace, Roster } from "./roster.ts";
import type { Session } from "./session.ts";

/** How another protocol is spoken on one socket. */
type TypingFrame = Extract<ServerFrame, { type: "typing" }>;

export type Dialect = {
  /** The frame of ours that this text is. Refuses as parseFrame does. */
  read(text: string): ClientFrame;
  /** What is said for this frame of ours; null: nothing. */
  say(frame: ServerFrame): string | null;
};

export type Chatrooms = {
  /** `from`: where the room stood when the socket was asked for. */
  dialectOf(session: Session, from: Head): Dialect;
  /** These users have come to the room, or gone from it: tells the sockets that speak the dialect. */
  told(place: RoomPlace, came: readonly Coming[]): void;
};
export type Coming = { user_id: string; came: boolean };

const NAMES_MAX = 1_000; // of those who speak and type; the others are asked for again
const FRESH_MS = 60_000; // clocks of instances differ; a member row says not what has changed in it

export function createChatrooms(chat: Chat, roster: Roster): Chatrooms {
  let waiting = new Map<string, { place: RoomPlace; comings: Map<string, boolean> }>();
  let last = Promise.resolve();

  /** Names and counts are asked once for all that was told in a turn. */
  const told = (place: RoomPlace, came: readonly Coming[]): void => {
    if (roster.dialectsIn(place).length === 0) return;
    const key = JSON.stringify([place.tenant_id, place.room_id]);
    if (waiting.size === 0) last = last.then(flush).catch((fault: unknown) => chat.log.error("chatroom.told", fault));
    const room = waiting.get(key) ?? { place, comings: new Map<string, boolean>() };
    for (const one of came) room.comings.set(one.user_id, one.came);
    waiting.set(key, room);
  };
  const flush = async (): Promise<void> => {
    const rooms = [...waiting.values()];
    waiting = new Map();
    for (const { place, comings } of rooms) {
      const users = await usersNamed(chat, place.tenant_id, [...comings.keys()]);
      const online = await onlineIn(chat, place);
      for (const session of roster.dialectsIn(place)) {
        for (const user of users.filter(({ id }) => id !== session.who.user_id)) {
          const type = comings.get(user.id) ? "join" : "leave";
          session.ws.send(textOf({ type, room_id: place.room_id, ...named(user), ...(online !== null && { online }) }));
        }
      }
    }
  };

  const dialectOf = (session: Session, { id: room_id, last_seq }: Head): Dialect => {
    const { tenant_id } = session.who;
    const place = { tenant_id, room_id };
    const names = new Map<string, string>();
    let heard_seq = last_seq;
    let naming: Promise<void> | null = null;

    const learn = (user: User): void => {
      if (names.size >= NAMES_MAX) names.clear();
      names.set(user.id, named(user).username);
    };
    const typed = ({ user_id, is_typing }: TypingFrame, username: string): string =>
      textOf({ type: "typing", room_id, user_id, username, is_typing });
    /** Of somebody who has said nothing yet; told when it is known. */
    const typing = async (frame: TypingFrame): Promise<void> => {
      for (const user of await usersNamed(chat, tenant_id, [frame.user_id])) learn(user);
      const username = names.get(frame.user_id);
      if (username !== undefined && roster.dialectsIn(place).includes(session)) session.ws.send(typed(frame, username));
    };
    /** One after the other: who has ended must not be told of before they begin. */
    const typingInTurn = (frame: TypingFrame): void => {
      const turn = (naming ?? Promise.resolve())
        .then(() => typing(frame))
        .catch((fault: unknown) => chat.log.error("chatroom.typing", fault))
        .finally(() => {
          if (naming === turn) naming = null;
        });
      naming = turn;
    };
    const ofMember = ({ member, user }: Extract<Row, { type: "member" }>): string | null => {
      const here = chat.sessions.statusOf({ tenant_id, user_id: member.user_id }) !== "offline";
      if (member.left_at !== undefined && member.user_id === session.who.user_id) return textOf({ type: "leave", room_id, ...named(user) });
      if (member.left_at !== undefined && here) told(place, [{ user_id: member.user_id, came: false }]);
      if (member.left_at === undefined && here && Math.abs(chat.now() - Date.parse(member.joined_at)) < FRESH_MS)
        told(place, [{ user_id: member.user_id, came: true }]);
      return null;
    };
    const ofMessage = ({ message, user }: Extract<Row, { type: "message" }>): string | null => {
      learn(user);
      if (message.seq <= heard_seq) return null;
      heard_seq = message.seq;
      if (message.removed_at !== undefined) return null;
      const { id, content, created_at } = message;
      return textOf({ type: "message", id, room_id, ...named(user), content, created_at });
    };
    const say = (frame: ServerFrame): string | null => {
      switch (frame.type) {
        case "message":
          return ofMessage(frame);
        case "member":
          return ofMember(frame);
        case "typing": {
          const username = names.get(frame.user_id);
          if (username !== undefined && naming === null) return typed(frame, username);
          typingInTurn(frame);
          return null;
        }
        case "user":
          learn(frame.user);
          return null;
        case "pong":
          return textOf({ type: "pong" });
        case "error": {
          const { message, code, retry, retry_after_ms } = frame;
          return textOf({ type: "error", content: message, code, retry, ...(retry_after_ms !== undefined && { retry_after_ms }) });
        }
        default:
          return null;
      }
    };
    return { read: (text) => readAs(chat, room_id, text), say };
  };
  return { dialectOf, told };
}

/** A post that has no `client_id` is given one: it cannot be told from its retry, which is as it was there. */
function readAs(chat: Chat, room_id: string, text: string): ClientFrame {
  const frame: { type?: unknown; content?: unknown; is_typing?: unknown; client_id?: unknown } = readText(text, chat.config.bounds);
  checkTexts(frame, text);
  const { type, content, is_typing = true, client_id = chat.newId() } = frame;
  if (type === "message") return checkedFrame({ type, room_id, client_id, content });
  if (type === "typing") return checkedFrame({ type, room_id, is_typing });
  if (type === "ping") return checkedFrame({ type });
  return checkedFrame({});
}

/** Who has no username is a tenant's own user, and is called as they are shown. */
const named = (user: User): { user_id: string; username: string } => ({ user_id: user.id, username: user.username ?? user.display_name });
const textOf = (frame: ChatroomServerFrame): string => JSON.stringify(frame);
