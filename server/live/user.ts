/** The user of a socket, as they are now. */
import type { Chat, UserBell } from "../chat/chat.ts";
import { usersNamed } from "../chat/senders.ts";
import type { User } from "../protocol.ts";

export async function userOf(chat: Chat, { tenant_id, user_id }: UserBell): Promise<User | undefined> {
  const [user] = await usersNamed(chat, tenant_id, [user_id]);
  return user;
}
