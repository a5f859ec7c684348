/** What every scenario stands on: the executable with a workspace, a room and two people in it. */
import type { Served } from "../server.ts";
import { createServed, type ServedOptions } from "../server.ts";
import { seat, settle } from "../cast.ts";
import { type Person, type Reach, reachOf } from "../person.ts";
import { openRaw, type RawSocket } from "./raw-socket.ts";

export type Scene = { served: Served; reach: Reach; room_id: string; owner: string; bob: Person };

/** What was measured, in words, and whether it is as promised. */
export type Measured = { pass: boolean; what: string };

export async function inScene(options: ServedOptions, play: (scene: Scene) => Promise<Measured>): Promise<Measured> {
  const served = createServed(options);
  try {
    await served.start();
    const reach = reachOf(served.url);
    const { owner, rooms } = await settle(reach, served.setup_token);
    const room_id = rooms[0] ?? "";
    return await play({ served, reach, room_id, owner, bob: await seat(reach, "bob", [room_id]) });
  } finally {
    await served.stop();
  }
}

/** A poster by socket: each post is answered before the next one is sent. Gives how long that took, in milliseconds. */
export async function openPoster({ reach, owner, room_id }: Scene): Promise<{ post(content: string): Promise<number>; close(): void }> {
  const socket = await openRaw(reach, owner);
  let count = 0;
  return {
    async post(content) {
      const begun = performance.now();
      const told = Promise.race([socket.next("ok"), socket.next("error")]);
      socket.say({ type: "message", id: "post", room_id, client_id: `poster-${String((count += 1)).padStart(16, "0")}`, content });
      const answer = await told;
      if (answer.type === "error") throw new Error(`A post was refused: ${answer.code}`);
      return performance.now() - begun;
    },
    close: () => socket.close(),
  };
}

/** Sends `sync` and resolves when it has caught up. */
export async function syncFrom(socket: RawSocket, room_id: string, rev: number): Promise<void> {
  const level = socket.next("caught_up");
  socket.say({ type: "sync", rooms: [[room_id, rev]] });
  await level;
}

export const p99 = (numbers: readonly number[]): number => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length * 0.99)] ?? 0;
export const kibibytes = (bytes: number): string => `${Math.round(bytes / 1_024)} KiB`;
