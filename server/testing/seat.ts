/**
 * A person's seat at door two: a real WebSocket to a real server in this process. `heard(type)` stands behind a fence (ping, then pong), so
 * what was not heard by then was not sent. The clock is the world's; the server's loops are called by the test.
 */
import type { Server } from "bun";
import type { Chat } from "../chat/chat.ts";
import { createLimiter } from "../chat/limiter.ts";
import { createLive, type Live, type LiveOptions } from "../live/live.ts";
import { createRoster, type Roster } from "../live/roster.ts";
import type { Held } from "../live/session.ts";
import type { Principal } from "../chat/principal.ts";
import type { ClientFrame, ClientFrames, ServerFrame } from "../protocol.ts";
import { type Parts, type World, world } from "./world.ts";

export type Seat = {
  heard<T extends ServerFrame["type"]>(type: T): Promise<Extract<ServerFrame, { type: T }>[]>;
  /** Contents of the messages heard, in the order heard. */
  contents(): Promise<string[]>;
  /** Resolves when it has heard a message of this content: for what is read from the database before it is told. */
  until(content: string): Promise<void>;
  /** Resolves with the first frame that fits, heard already or to come. */
  when(met: (frame: ServerFrame) => boolean): Promise<ServerFrame>;
  say(frame: ClientFrame): void;
  text(text: string | Uint8Array): void;
  ask(frame: ClientFrame): Promise<Extract<ServerFrame, { type: "ok" | "error" }>>;
  /** Resolves with the code when the server has closed it. */
  closed: Promise<number>;
  close(): Promise<number>;
  frames: ServerFrame[];
};

/** Door two of one instance. */
export type DoorTwo = {
  live: Live;
  server: Server<Held>;
  /** Opens a socket and, unless told otherwise, says `sync` and waits for `caught_up`. */
  seat(who: Principal, how?: { sync?: ClientFrames["sync"] | false }): Promise<Seat>;
};
export type House = World & DoorTwo;

const generous = { per_second: 100_000, burst: 100_000 };

export async function house(options: Partial<LiveOptions> = {}, parts: Parts = {}): Promise<House> {
  let clock = (): number => 0;
  const roster = createRoster(() => clock());
  const here = await world({ sessions: roster, ...parts });
  clock = here.clock.now;
  const door = openDoorTwo(here.chat, roster, options);
  const dispose = async (): Promise<void> => {
    await door.server.stop(true);
    await here.dispose();
  };
  return { ...here, ...door, dispose };
}

export function openDoorTwo(chat: Chat, roster: Roster, options: Partial<LiveOptions> = {}): DoorTwo {
  const live = createLive(chat, roster, {
    epoch: "epoch-1",
    sends: createLimiter(generous),
    frames: generous,
    sockets_per_user: 10,
    rooms_per_socket: 1_000,
    ...options,
  });
  const waiting = new Map<string, Principal>();
  const server = Bun.serve<Held>({
    port: 0,
    hostname: "127.0.0.1",
    fetch(request, self) {
      const who = waiting.get(new URL(request.url).searchParams.get("who") ?? "");
      return who && live.upgrade(request, self, who) ? undefined : new Response("no", { status: 400 });
    },
    websocket: live.handlers,
  });
  let count = 0;
  const seat: DoorTwo["seat"] = async (who, how = {}) => {
    const sync = how.sync ?? { type: "sync" as const, rooms: [] };
    const key = String((count += 1));
    waiting.set(key, who);
    const taken = await take(new WebSocket(`ws://127.0.0.1:${server.port}/?who=${key}`));
    await taken.until("hello");
    if (sync) {
      taken.seat.say(sync);
      await taken.until("caught_up");
    }
    return taken.seat;
  };
  return { live, server, seat };
}

/** Takes the seat of whoever opened this socket. */
export async function take(socket: WebSocket): Promise<{ seat: Seat; until(type: ServerFrame["type"]): Promise<void> }> {
  const frames: ServerFrame[] = [];
  let asked = 0;
  const waits = new Set<{ met: (frame: ServerFrame) => boolean; resolve: (frame: ServerFrame) => void; reject: (fault: Error) => void }>();
  socket.onmessage = ({ data }) => {
    const frame: ServerFrame = JSON.parse(String(data));
    frames.push(frame);
    for (const wait of [...waits].filter(({ met }) => met(frame))) {
      waits.delete(wait);
      wait.resolve(frame);
    }
  };
  const closed = new Promise<number>((resolve) => {
    socket.onclose = ({ code }) => {
      for (const { reject } of waits) reject(new Error(`closed ${code}`));
      resolve(code);
    };
  });
  const next = (met: (frame: ServerFrame) => boolean): Promise<ServerFrame> => new Promise((resolve, reject) => waits.add({ met, resolve, reject }));
  const say = (frame: ClientFrame): void => socket.send(JSON.stringify(frame));
  const fence = async (): Promise<void> => {
    const id = `fence-${(asked += 1)}`;
    const pong = next((frame) => frame.type === "pong" && frame.id === id);
    say({ type: "ping", id });
    await pong;
  };
  const heard = async <T extends ServerFrame["type"]>(type: T) => {
    await fence();
    return frames.filter((frame): frame is Extract<ServerFrame, { type: T }> => frame.type === type);
  };
  const seat: Seat = {
    heard,
    contents: async () => (await heard("message")).map(({ message }) => message.content),
    async until(content) {
      const met = (frame: ServerFrame): boolean => frame.type === "message" && frame.message.content === content;
      if (!frames.some(met)) await next(met);
    },
    when: async (met) => frames.find(met) ?? (await next(met)),
    say,
    text: (text) => socket.send(text),
    async ask(frame) {
      const id = `ask-${(asked += 1)}`;
      const answer = next((one) => (one.type === "ok" || one.type === "error") && one.id === id);
      say({ ...frame, id });
      const found = await answer;
      if (found.type !== "ok" && found.type !== "error") throw new Error("not an answer");
      return found;
    },
    closed,
    close: () => {
      socket.close();
      return closed;
    },
    frames,
  };
  const until = async (type: ServerFrame["type"]): Promise<void> => {
    if (!frames.some((frame) => frame.type === type)) await next((frame) => frame.type === type);
  };
  return { seat, until };
}
