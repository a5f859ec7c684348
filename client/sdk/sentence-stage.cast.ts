/** Where the sentences are played: a room of its own for each, clients that are closed at the end, a network that can be broken. */
import type { Message, Room } from "../../server/protocol.ts";
import type * as sdk from "./snug.ts";
import type { Events, Options, Outside, PostStorage, Snug } from "./types.ts";

export type Client = typeof sdk;
/** ann makes the rooms, bob is in them, cy has a sign-in to lose; `key` is the tenant's, for a server. */
export type Given = { url: string; ann: Someone; bob: Someone; cy: Someone; key: string };
export type Someone = { id: string; token: string };
export type Stage = Given & {
  client: Client;
  room: Room;
  /** A client that is closed when the sentence ends; resolves when it has caught up. */
  sit(who: Someone, options?: Partial<Options>, bind?: (snug: Snug) => void): Promise<Snug>;
  open(who: Someone, options?: Partial<Options>): Snug;
};

export async function stage(client: Client, given: Given, run: (stage: Stage) => Promise<void>): Promise<void> {
  const clients: Snug[] = [];
  const open = (who: Someone, options: Partial<Options> = {}): Snug => {
    const snug = client.connect({ url: given.url, token: who.token, ...options });
    clients.push(snug);
    return snug;
  };
  const sit = async (who: Someone, options?: Partial<Options>, bind?: (snug: Snug) => void): Promise<Snug> => {
    const snug = open(who, options);
    bind?.(snug);
    await next(snug, "caught_up");
    return snug;
  };
  const maker = open(given.ann);
  const name = `quay-${Math.random().toString(36).slice(2)}`;
  const room = await maker.api.createRoom({ type: "channel", name, visibility: "private", user_ids: [given.bob.id] });
  maker.close();
  try {
    await run({ ...given, client, room, open, sit });
  } finally {
    for (const one of clients) one.close();
  }
}

/** A network that can be broken, and a socket that dies with what it has just sent. */
export function breakable() {
  const sockets = new Set<WebSocket>();
  let opened = 0;
  let broken = false;
  let fatal: string | null = null;
  const outside: Partial<Outside> = {
    fetch: (url, init) => (broken ? Promise.reject(new TypeError("broken")) : fetch(url, init)),
    open(url, protocols) {
      if (broken) throw new Error("broken");
      const socket = new WebSocket(url, protocols);
      opened += 1;
      sockets.add(socket);
      const send = socket.send.bind(socket);
      socket.send = (text) => {
        send(text);
        if (fatal !== null && typeof text === "string" && text.includes(`"type":"${fatal}"`)) down();
      };
      return socket;
    },
  };
  const down = (): void => {
    broken = true;
    for (const socket of sockets) socket.close();
    sockets.clear();
  };
  return {
    outside,
    break: down,
    breakAfter: (type: string): void => {
      fatal = type;
    },
    mend(): void {
      broken = false;
      fatal = null;
    },
    opened: () => opened,
  };
}

export function memory(): PostStorage {
  const kept = new Map<string, Awaited<ReturnType<PostStorage["all"]>>[number]>();
  return {
    put: async (post) => void kept.set(post.client_id, post),
    drop: async (client_id) => void kept.delete(client_id),
    all: async () => [...kept.values()],
  };
}

export const collect = (snug: Snug, room_id: string, into: string[]): void =>
  void snug.on("message", ({ message }) => (message.room_id === room_id ? into.push(message.content) : 0));

/** Contents of what it hears from now on, as it comes. */
export function contents(snug: Snug): string[] {
  const heard: string[] = [];
  snug.on("message", ({ message }: { message: Message }) => heard.push(message.content));
  return heard;
}

export const arrival = (snug: Snug, content: string): Promise<unknown> => next(snug, "message", ({ message }) => message.content === content);
export const both = (...promises: Promise<unknown>[]): Promise<unknown> => Promise.all(promises);

const PATIENCE_MS = 10_000;

export function next<K extends keyof Events>(snug: Snug, event: K, met: (event: Events[K]) => boolean = () => true): Promise<Events[K]> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no ${event} came`)), PATIENCE_MS);
    const stop = snug.on(event, (told) => {
      if (!met(told)) return;
      stop();
      clearTimeout(timer);
      resolve(told);
    });
  });
}

/** Why it ended. */
export async function reached(snug: Snug, state: "ended"): Promise<string> {
  const reach = snug.status().state === state ? snug.status() : await next(snug, "status", (now) => now.state === state);
  return reach.state === "ended" ? reach.why : reach.state;
}

export async function until(holds: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + PATIENCE_MS; !(await holds());) {
    if (Date.now() > end) throw new Error("it never came about");
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

export const codeOf = (call: Promise<unknown>): Promise<string | null> =>
  call.then(
    () => null,
    (fault: unknown) => (fault instanceof Error && "code" in fault ? String(fault.code) : String(fault)),
  );

export function same(found: unknown, wanted: unknown): void {
  const [a, b] = [JSON.stringify(found), JSON.stringify(wanted)];
  if (a !== b) throw new Error(`found ${a}, wanted ${b}`);
}
