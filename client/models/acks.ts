/**
 * "I have seen it up to here": at most one ack a second and room, flushed when the page is hidden, and said again when it was lost. And "unread from
 * here": what is marked during a visit stays unread until another visit, though it is before the reader's eyes; only the server says that a mark is there.
 */
import type { Api } from "../api.ts";
import type { Link } from "../link.ts";
import { readUpTo } from "./read.ts";
import type { Rooms } from "./rooms.ts";

const ACK_MS = 1_000;
const UNSURE_MS = 5_000; // whether the server heard an ack before a post or after it

export type Acks = ReturnType<typeof createAcks>;
export type AcksParts = {
  api: Pick<Api, "put" | "delete">;
  link: Pick<Link, "isOpen" | "say">;
  rooms: Pick<Rooms, "rooms" | "acked">;
  later(ms: number, run: () => void): () => void;
};

export function createAcks({ api, link, rooms, later }: AcksParts) {
  const waiting = new Map<string, number>();
  const lately = new Map<string, () => void>(); // by room, what ends that something was said lately
  const unsaid = new Map<string, number>(); // no line was open, and REST has not answered
  let visit: { room_id: string; marked_seq: number | undefined } | null = null; // and the mark that may be read away in it

  const flush = (room_id: string, byLine = link.isOpen()): void => {
    const seq = waiting.get(room_id);
    waiting.delete(room_id);
    if (seq === undefined) return;
    const me = rooms.rooms.value.get(room_id)?.me;
    if (me?.marked_seq !== undefined && seq <= me.acked_seq) return void reread(room_id, seq, me.acked_seq);
    rooms.acked(room_id, seq);
    say(room_id, seq, byLine);
  };

  /** What was marked has been read again, up to here. What the server does not hear of it stays unread: nothing is lost by that. */
  const reread = async (room_id: string, seq: number, acked_seq: number): Promise<void> => {
    if (visit?.room_id === room_id) visit.marked_seq = seq < acked_seq ? seq + 1 : undefined;
    await api.delete(`/rooms/${room_id}/mark?seq=${seq}`).catch(() => undefined);
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
    /** `isMeant`: the reader said so, and did not only have it before their eyes. */
    seen(room_id: string, seq: number, isMeant = false): void {
      const me = rooms.rooms.value.get(room_id)?.me;
      const held = waiting.get(room_id);
      if (!me || seq <= readUpTo(me) || (held !== undefined && held >= seq)) return;
      if (!isMeant && me.marked_seq !== undefined && visit?.room_id === room_id && me.marked_seq !== visit.marked_seq) return;
      waiting.set(room_id, seq);
      if (held === undefined) later(ACK_MS, () => flush(room_id));
    },
    /** A visit begins: a mark that is there by now goes as it is read. */
    enter(room_id: string): void {
      if (visit?.room_id !== room_id) visit = { room_id, marked_seq: rooms.rooms.value.get(room_id)?.me.marked_seq };
    },
    leave(): void {
      visit = null;
    },
    /** Unread from this message on, on all devices. What was seen and not said yet is not said: it is marked. Refuses as the server does. */
    async mark(room_id: string, seq: number): Promise<void> {
      waiting.delete(room_id);
      if (visit?.room_id === room_id) visit.marked_seq = undefined;
      await api.put(`/rooms/${room_id}/mark`, { seq });
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
      visit = null;
      for (const cancel of lately.values()) cancel();
      lately.clear();
      waiting.clear();
      unsaid.clear();
    },
  };
}
