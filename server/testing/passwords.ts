/** Passwords of people in tests. */
import type { Chat } from "../chat/chat.ts";

/** Gives everybody this password, by a hash that costs next to nothing. */
export async function giveAll(chat: Chat, password: string): Promise<void> {
  const password_hash = await Bun.password.hash(password, { algorithm: "argon2id", memoryCost: 8, timeCost: 1 });
  await chat.store.write((tx) => tx.update(chat.store.t.users).set({ password_hash }));
}
