/** "I have seen it up to here": at most one ack a second and room, flushed when the page is hidden, and said again when it was lost. */
import type { Api } from "../api.ts";
import type { Link } from "../link.ts";
import type { Rooms } from "./rooms.ts";

const ACK_MS = 1_000;

export type AcksParts = {
  api: Pick<Api, "put">;
  link: Pick<Link, "isOpen" | "say">;
  rooms: Pick<Rooms, "rooms" | "acked">;
  later(ms: number, run: () => void): () => void;
};

export function createAcks({ api, link, rooms, later }: AcksParts) {
  const waiting = new Map<string, number>();

  const flush = (room_id: string): void => {
    const seq = waiting.get(room_id);
    waiting.delete(room_id);
    if (seq === undefined) return;
    rooms.acked(room_id, seq);
    say(room_id, seq);
  };

  const say = (room_id: string, seq: number): void => {
    if (link.isOpen()) link.say({ type: "ack", room_id, seq });
    else void api.put(`/rooms/${room_id}/ack`, { seq }, { keepalive: true }).catch(() => undefined);
  };

  return {
    seen(room_id: string, seq: number): void {
      const room = rooms.rooms.value.get(room_id);
      const held = waiting.get(room_id);
      if (!room || seq <= room.me.acked_seq || (held !== undefined && held >= seq)) return;
      waiting.set(room_id, seq);
      if (held === undefined) later(ACK_MS, () => flush(room_id));
    },
    flushAll(): void {
      for (const room_id of [...waiting.keys()]) flush(room_id);
    },
    /** The server has not heard these: they were said into a line that was going down. */
    again(acks: readonly { room_id: string; seq: number }[]): void {
      for (const { room_id, seq } of acks) say(room_id, seq);
    },
    forget: (): void => waiting.clear(),
  };
}
