/** The posts of this client that have no answer yet, kept where the application says, and the promises that wait for them. */
import type { Draft, Message } from "../../server/protocol.ts";
import { ApiError } from "./api-error.ts";
import { newClientId } from "./ids.ts";
import { createQueue, type QueueParts } from "./queue.ts";
import type { Post, PostStorage } from "./types.ts";

type Waiter = { resolve(message: Message | null): void; reject(error: ApiError): void };
export type OutboxParts = Pick<QueueParts<Post>, "api" | "link" | "later"> & {
  storage: PostStorage;
  now(): number;
  refused(post: Post, error: ApiError): void;
};

export function createOutbox({ api, link, later, storage, now, refused }: OutboxParts) {
  let posts: readonly Post[] = [];
  let closed: ApiError | null = null; // why nothing is sent any more
  const waiters = new Map<string, Waiter>();
  const settle = ({ client_id }: Post, how: (waiter: Waiter) => void): void => {
    posts = posts.filter((post) => post.client_id !== client_id);
    void storage.drop(client_id).catch(() => undefined); // sent once more by the next client, and stored once
    const waiter = waiters.get(client_id);
    waiters.delete(client_id);
    if (waiter) how(waiter);
  };

  const queue = createQueue<Post>({
    api,
    link,
    later,
    next: (room_id) => (closed ? undefined : posts.find((post) => post.room_id === room_id)),
    stored: (post, message) => settle(post, ({ resolve }) => resolve(message)),
    refused(post, error) {
      settle(post, ({ reject }) => reject(error));
      refused(post, error);
    },
  });

  const hurry = (): void => queue.hurry([...new Set(posts.map(({ room_id }) => room_id))]);
  const restored = storage
    .all()
    .catch(() => [])
    .then((kept) => {
      const held = new Set(posts.map(({ client_id }) => client_id));
      posts = [...kept.filter(({ client_id }) => !held.has(client_id)).sort((a, b) => a.at - b.at), ...posts];
      hurry();
    });

  return {
    pending: () => posts,
    hurry,
    async post(room_id: string, draft: Omit<Draft, "client_id">): Promise<Message | null> {
      if (closed) throw closed;
      const post: Post = { client_id: newClientId(now()), room_id, ...draft, at: now() };
      const answer = new Promise<Message | null>((resolve, reject) => waiters.set(post.client_id, { resolve, reject }));
      posts = [...posts, post];
      const kept = storage.put(post).catch(() => undefined); // best effort: it is sent all the same
      void Promise.all([kept, restored]).then(() => queue.pump(room_id));
      return answer;
    },
    /** The stream told a row of mine before its answer came: it is stored, whatever the answer says. */
    heard(message: Message, my_id: string | undefined): void {
      const post = posts.find(({ client_id, room_id }) => client_id === message.client_id && room_id === message.room_id);
      if (post && message.sender_id === my_id) settle(post, ({ resolve }) => resolve(message));
    },
    /** Nothing is sent any more; who waits hears why. */
    close(why: ApiError): void {
      closed = why;
      queue.rest();
      for (const { reject } of waiters.values()) reject(why);
      waiters.clear();
    },
  };
}

export function memoryStorage(): PostStorage {
  const kept = new Map<string, Post>();
  return {
    put: async (post) => void kept.set(post.client_id, post),
    drop: async (client_id) => void kept.delete(client_id),
    all: async () => [...kept.values()],
  };
}
