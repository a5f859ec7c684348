/**
 * Sends what waits, per room in order: the next goes when the one before has its answer. The same `client_id` goes with every attempt, so that
 * however often it is sent, it is stored once. Whose list it is, and what becomes of an answer, is up to who makes the queue.
 */
import type { Draft, Message } from "../../server/protocol.ts";
import { ApiError } from "./api-error.ts";
import type { Caller } from "./caller.ts";
import type { Link } from "./link.ts";

export type Queued = Draft & { room_id: string };

export type QueueParts<E extends Queued> = {
  api: Pick<Caller, "post">;
  link: Pick<Link, "ask" | "isOpen">;
  later(ms: number, run: () => void): () => void;
  /** Awaited before a message goes to this room. */
  before?(room_id: string): Promise<void>;
  /** The first of this room that is to be sent. */
  next(room_id: string): E | undefined;
  /** It is stored; the row is null where its sender may not read it any more. */
  stored(entry: E, message: Message | null): void;
  /** A refusal that will not change: it is not sent again unless it is `next` again. */
  refused(entry: E, refusal: ApiError): void;
  /** It will be sent again after a while. */
  waits?(entry: E, refusal: ApiError): void;
};

const FIRST_DELAY_MS = 1_000;
const LONGEST_DELAY_MS = 30_000;

export function createQueue<E extends Queued>(parts: QueueParts<E>) {
  const { api, link, later, before, next, stored, refused, waits } = parts;
  const sending = new Map<string, { by_socket: boolean }>(); // by room, the attempt whose answer is awaited
  const waiting = new Map<string, { failures: number; cancel: () => void }>();

  const deliver = async ({ client_id, room_id, content, meta, reply_to, files }: E, by_socket: boolean): Promise<Message | null> => {
    const draft = { client_id, content, ...(meta !== undefined && { meta }), ...(reply_to !== undefined && { reply_to }), ...(files && { files }) };
    if (!by_socket) return api.post<Message>(`/rooms/${room_id}/messages`, draft);
    const { message } = await link.ask({ type: "message", room_id, ...draft });
    return message && "content" in message ? message : null;
  };

  /** Sends what is next in this room, unless an answer is awaited there. */
  const pump = async (room_id: string): Promise<void> => {
    if (sending.has(room_id)) return;
    const entry = next(room_id);
    if (!entry) return;
    const attempt = { by_socket: link.isOpen() };
    sending.set(room_id, attempt);
    try {
      await before?.(room_id);
      const message = await deliver(entry, attempt.by_socket);
      waiting.delete(room_id);
      stored(entry, message);
    } catch (fault) {
      if (sending.get(room_id) !== attempt) return; // given up meanwhile: another one asks for the same
      const refusal = fault instanceof ApiError ? fault : new ApiError({ code: "internal", retry: true });
      if (!refusal.retry && refusal.code !== "unauthorized") refused(entry, refusal);
      else return wait(room_id, entry, refusal);
    } finally {
      if (sending.get(room_id) === attempt) sending.delete(room_id);
    }
    void pump(room_id);
  };

  const wait = (room_id: string, entry: E, refusal: ApiError): void => {
    waits?.(entry, refusal);
    if (!next(room_id)) return;
    const failures = (waiting.get(room_id)?.failures ?? 0) + 1;
    waiting.get(room_id)?.cancel();
    const delay = Math.max(refusal.retry_after_ms ?? 0, Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (failures - 1)));
    waiting.set(room_id, { failures, cancel: later(delay, () => void pump(room_id)) });
  };

  const rest = (): void => {
    for (const { cancel } of waiting.values()) cancel();
    waiting.clear();
  };

  return {
    pump,
    /** As `pump`, and the wait for the next attempt is over. */
    wake(room_id: string): void {
      waiting.get(room_id)?.cancel();
      void pump(room_id);
    },
    /** Sends now what waits. What REST has not answered is sent again over the socket: on a line that was dead, it may not be for long. */
    hurry(room_ids: readonly string[]): void {
      rest();
      if (link.isOpen()) for (const [room_id, attempt] of sending) if (!attempt.by_socket) sending.delete(room_id);
      for (const room_id of room_ids) void pump(room_id);
    },
    /** No attempt is made any more until somebody asks. */
    rest,
  };
}
