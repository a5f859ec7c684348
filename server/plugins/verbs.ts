/** The verbs as plugins call them: the very ones of the doors, without `chat`. */
import { acknowledge } from "../chat/acks.ts";
import type { Chat } from "../chat/chat.ts";
import { addMember, joinRoom, removeMember } from "../chat/membership.ts";
import { listMembers } from "../chat/members.ts";
import { editMessage, getMessage, pageMessages, postMessage, removeMessage } from "../chat/messages.ts";
import { createRoom, getRoom, listRooms, patchRoom } from "../chat/rooms.ts";
import { getUser, listUsers } from "../chat/users.ts";

const verbs = {
  acknowledge,
  addMember,
  createRoom,
  editMessage,
  getMessage,
  getRoom,
  getUser,
  joinRoom,
  listMembers,
  listRooms,
  listUsers,
  pageMessages,
  patchRoom,
  postMessage,
  removeMember,
  removeMessage,
};

type Without<V> = V extends (chat: Chat, ...rest: infer R) => infer A ? (...rest: R) => A : never;
/** Each `(who, input)`, as server/chat has it. Throws the Refusal. */
export type Verbs = { [K in keyof typeof verbs]: Without<(typeof verbs)[K]> };

/** `chat` is asked for at each call: plugins are loaded before there is one. */
export function bindVerbs(chat: () => Chat): Verbs {
  const bound = Object.entries(verbs).map(([name, verb]) => [
    name,
    (...rest: unknown[]) => (verb as (...all: unknown[]) => unknown)(chat(), ...rest),
  ]);
  return Object.fromEntries(bound) as Verbs; // each by its own name
}
