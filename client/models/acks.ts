/** "I have seen it up to here": at most one ack a second and room, flushed when the page is hidden, and said again when it was lost. */
import type { Api } from "../api.ts";
import type { Link } from "../link.ts";
import type { Rooms } from "./rooms.ts";

const ACK_MS = 1_000;
const UNSURE_MS = 5_000; // whether the server heard an ack before a post or after it

export type AcksParts = {
  api: Pick<Api, "put">;
  link: Pick<Link, "isOpen" | "say">;
  rooms: Pick<Rooms, "rooms" | "acked">;
  later(ms: number, run: () => void): () => void;
};

export function createAcks({ api, link, rooms, later }: AcksParts) {
  const waiting = new Map<string, number>();
  const lately = new Map<string, () => void>(); // by room, what ends that something was said lately
  const unsaid = new Map<string, number>(); // no line was open, and REST has not answered

  const flush = (room_id: string, byLine = link.isOpen()): void => {
    const seq = waiting.get(room_id);
    waiting.delete(room_id);
    if (seq === undefined) return;
    rooms.acked(room_id, seq);
    say(room_id, seq, byLine);
  };

  const say = (room_id: string, seq: number, byLine = link.isOpen()): void => {
    lately.get(room_id)?.();
    lately.set(
      room_id,
      later(UNSURE_MS, () => lately.delete(room_id)),
    );
    if (!byLine) return void put(room_id, seq);
    unsaid.delete(room_id);
    link.say({ type: "ack", room_id, seq });
  };
  const put = async (room_id: string, seq: number): Promise<void> => {
    unsaid.set(room_id, seq);
    try {
      await api.put(`/rooms/${room_id}/ack`, { seq }, { keepalive: true });
      if (unsaid.get(room_id) === seq) unsaid.delete(room_id);
    } catch {
      // said again with the next line, or before the next post
    }
  };

  return {
    seen(room_id: string, seq: number): void {
      const room = rooms.rooms.value.get(room_id);
      const held = waiting.get(room_id);
      if (!room || seq <= room.me.acked_seq || (held !== undefined && held >= seq)) return;
      waiting.set(room_id, seq);
      if (held === undefined) later(ACK_MS, () => flush(room_id));
    },
    /** The page is being hidden, perhaps for ever: said by a call that outlives it, which a socket does not. */
    flushAll(): void {
      for (const room_id of [...waiting.keys()]) flush(room_id, false);
    },
    /** The server has not heard these: they were said into a line that was going down. */
    again(acks: readonly { room_id: string; seq: number }[]): void {
      for (const { room_id, seq } of acks) say(room_id, seq);
    },
    /**
     * To be awaited before a post: what was read is said before what is written after it. The server counts a post as read by its writer only
     * where they had read all before it; their other devices would show it as unread.
     */
    async before(room_id: string): Promise<void> {
      flush(room_id);
      const seq = unsaid.get(room_id);
      if (seq !== undefined && !link.isOpen()) await put(room_id, seq);
    },
    /**
     * One's own message counts as read here. To the server it does only if the one before it was read by then: where that was said just now,
     * nobody can know which came first.
     */
    own(room_id: string, seq: number): void {
      if (lately.has(room_id)) say(room_id, seq);
    },
    forget(): void {
      for (const cancel of lately.values()) cancel();
      lately.clear();
      waiting.clear();
      unsaid.clear();
    },
  };
}
