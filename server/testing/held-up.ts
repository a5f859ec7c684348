/** What somebody asks while others are quicker. */
import type { Chat } from "../chat/chat.ts";

/** What is asked by this deed has its right by then, and writes only once `done` is: as when others write before it. */
export async function heldUp<T>(chat: Chat, deed: (chat: Chat) => Promise<T>, done: () => Promise<unknown>): Promise<T> {
  const reached = Promise.withResolvers<void>();
  const open = Promise.withResolvers<void>();
  const write: typeof chat.store.write = async (work) => {
    reached.resolve();
    await open.promise;
    return chat.store.write(work);
  };
  const asked = deed({ ...chat, store: { ...chat.store, write } });
  await Promise.race([reached.promise, asked.catch(() => undefined)]);
  await done();
  open.resolve();
  return asked;
}
