/**
 * Sockets that only sit there, each hearing its rooms, and the memory they cost. After they were held, something is said in every room:
 * each socket must hear exactly its own rooms, once.
 */
import { type Acked, audit } from "./audit.ts";
import { draftOf, numberOf } from "./draft.ts";
import type { Job, Measured, Seat } from "./job.ts";
import { memoryOf } from "./machine.ts";
import { takeSample } from "./sample.ts";
import { type Seated, sitAll } from "./seat.ts";

export async function idle({ target, seats, span }: Extract<Job, { kind: "idle" }>): Promise<Measured> {
  const before = memoryOf(target.pid);
  const from = performance.now();
  const seated = await sitAll(target, seats, { sync: true });
  const opened_ms = performance.now() - from;
  let closed = 0;
  for (const { wire } of seated) wire.onClose = () => void (closed += 1);
  const measured = await takeSample(target, span).over;
  const after = memoryOf(target.pid);
  if (closed > 0) throw new Error(`${closed} of ${seats.length} sockets were closed`);
  const acked = await sayEverywhere(seated, seats);
  if (target.database !== null) await audit(target.database, acked);
  const base_mb = before / 1e6;
  const more = { base_mb, held_mb: after / 1e6, bytes_per_socket: (after - before) / Math.max(1, seats.length), held_s: span.sample_ms / 1_000 };
  const per_second = seats.length / (opened_ms / 1_000);
  return { ...measured, count: seats.length, per_second, bytes: 0, audited: acked.length, more };
}

/** One post in each room; resolves when every socket has heard one of each of its rooms and nothing twice. */
async function sayEverywhere(seated: readonly Seated[], seats: readonly Seat[]): Promise<Acked[]> {
  const said = new Map<string, string>();
  const acked: Acked[] = [];
  const all = Promise.withResolvers<void>();
  let lacking = seats.reduce((sum, { rooms }) => sum + rooms.length, 0);
  const settle = (): void => void (lacking === 0 && acked.length === said.size && all.resolve());
  const drafts = seats.map((seat) => ({
    seat,
    posts: seat.rooms.map((_, i) => draftOf(seat, i)).filter(({ room_id }) => !said.has(room_id) && said.set(room_id, "")),
  }));
  for (const { posts } of drafts) for (const { room_id, content } of posts) said.set(room_id, content);
  seated.forEach((here, i) => {
    const owed = new Set(seats[i]?.rooms);
    here.hear(({ type, id, message, code }) => {
      if (type === "error") return all.reject(new Error(`Refused: ${code ?? ""}`));
      if (!message) return;
      if (type === "ok")
        acked.push({
          id: message.id,
          room_id: message.room_id,
          seq: message.seq,
          sender_id: message.sender_id,
          content: said.get(message.room_id) ?? "",
        });
      else if (type === "message") {
        if (!owed.delete(message.room_id) || message.content !== said.get(message.room_id))
          all.reject(new Error(`Heard, not owed: ${JSON.stringify(message)}`));
        lacking -= 1;
      }
      if (Number.isNaN(numberOf(id)) && type === "ok") all.reject(new Error("An answer without its number"));
      settle();
    });
  });
  settle();
  drafts.forEach(({ posts }, i) => {
    for (const draft of posts) seated[i]?.say(draft);
  });
  await Promise.race([all.promise, Bun.sleep(PATIENCE_MS).then(() => all.reject(new Error(`${lacking} frames were not heard`)))]);
  return acked;
}

const PATIENCE_MS = 60_000;
