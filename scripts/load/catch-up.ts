/**
 * Many sockets, each far behind in each of its rooms, that ask for all of it at once, while somebody goes on talking in another room. Each must
 * be sent every row it lacks, in order and once, and a verdict per room.
 */
import { type Acked, audit } from "./audit.ts";
import { openDelivery } from "./delivery.ts";
import type { Job, Measured, Seat } from "./job.ts";
import { startPace } from "./pace.ts";
import { quantiles, startMeter } from "./sample.ts";
import { type Frame, type Seated, sit } from "./seat.ts";
import { frameIn, PING } from "./wire.ts";

export async function catchUp({ target, seats, rows, sender, hearer, per_second, span }: Extract<Job, { kind: "catch-up" }>): Promise<Measured> {
  const times: number[] = [];
  let counting = false;
  const live = await openDelivery({ target, sender, hearers: [hearer] }, (ms) => void (counting && times.push(ms)));
  const seated = await seatedAll();
  const known = createKnown();
  const pace = startPace(per_second, live.post);
  await Bun.sleep(span.warm_ms);
  const meter = startMeter(target);
  const from = performance.now();
  counting = true;
  const took: number[] = [];
  const level = Promise.all(seated.map(({ here, seat }) => follow(here, seat, rows, known).then(() => void took.push(performance.now() - from))));
  for (const { here, seat } of seated)
    here.say({ type: "sync", rooms: seat.rooms.map((room_id) => [room_id, (here.revs.get(room_id) ?? 0) - rows]) });
  await Promise.race([
    level,
    live.failed,
    Bun.sleep(PATIENCE_MS).then(() => Promise.reject(new Error(`${took.length} of ${seats.length} sockets are level`))),
  ]);
  const measured = meter(seats.length * rows * (seats[0]?.rooms.length ?? 0), []);
  await pace.stop();
  const { bytes } = await live.end();
  if (target.database !== null) await audit(target.database, known.messages());
  const more = { level_s: Math.max(...took) / 1_000, live_posts: times.length };
  return { ...measured, ...quantiles(times), bytes, audited: measured.count, more };

  async function seatedAll(): Promise<{ here: Seated; seat: Seat }[]> {
    const all: { here: Seated; seat: Seat }[] = [];
    for (const seat of seats) all.push({ here: await sit(target, seat, { sync: false }), seat });
    return all;
  }
}

/** Resolves when the socket is level; rejects at the first frame that is not the one it is owed. */
function follow({ wire }: Seated, seat: Seat, rows: number, known: Known): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const next = new Map<string, number>();
  let left = seat.rooms.length;
  let rest: Buffer = Buffer.alloc(0);
  const heard = ({ type, room_id, seq, good }: Heard): void => {
    if (type === "message") {
      if (next.has(room_id) && next.get(room_id) !== seq) throw new Error(`Heard ${seq} of ${room_id}, owed ${next.get(room_id) ?? 0}`);
      next.set(room_id, seq + 1);
    } else if (type === "synced") {
      if (!good || (next.get(room_id) ?? 0) !== seq + 1) throw new Error(`Level at ${seq}, heard up to ${next.get(room_id) ?? 0}`);
      left -= 1;
    } else if (type === "caught_up") {
      if (left > 0) throw new Error(`${left} rooms without a verdict`);
      resolve();
    }
  };
  let count = 0;
  wire.onChunk = (bytes) => {
    try {
      const all = rest.length === 0 ? bytes : Buffer.concat([rest, bytes]);
      let at = 0;
      for (let frame = frameIn(all, at); frame; frame = frameIn(all, at)) {
        const ping = all[at] === PING;
        at = frame.end;
        if (ping) {
          wire.pong();
          continue;
        }
        const what = known.of(all, frame.start, frame.end);
        if (what.type === "message") count += 1;
        if (what.type === "caught_up" && count !== rows * seat.rooms.length) throw new Error(`Heard ${count} rows`);
        heard(what);
      }
      rest = Buffer.from(all.subarray(at));
    } catch (fault) {
      reject(fault instanceof Error ? fault : new Error(String(fault)));
    }
  };
  wire.onClose = () => reject(new Error("A socket that caught up was closed"));
  return promise;
}

type Heard = { type: string; room_id: string; seq: number; good: boolean };
type Known = ReturnType<typeof createKnown>;

/** Frames by their bytes: what a thousand sockets hear is read once and recognised afterwards. */
function createKnown() {
  const byHash = new Map<number, { bytes: Buffer; heard: Heard }[]>();
  const messages: Acked[] = [];
  const read = (bytes: Buffer): Heard => {
    const { type = "", room_id = "", last_seq = 0, verdict, message, code }: Frame & Verdict = JSON.parse(bytes.toString("utf8"));
    if (type === "error") throw new Error(`Refused: ${code ?? ""}`);
    if (!message) return { type, room_id, seq: last_seq, good: verdict === "resumed" };
    messages.push(message);
    return { type, room_id: message.room_id, seq: message.seq, good: true };
  };
  return {
    of(all: Buffer, start: number, end: number): Heard {
      const bytes = all.subarray(start, end);
      const hash = Bun.hash.xxHash32(bytes);
      const found = byHash.get(hash)?.find((one) => one.bytes.equals(bytes));
      if (found) return found.heard;
      const kept = { bytes: Buffer.from(bytes), heard: read(bytes) };
      byHash.set(hash, [...(byHash.get(hash) ?? []), kept]);
      return kept.heard;
    },
    messages: (): readonly Acked[] => messages,
  };
}

type Verdict = { room_id?: string; last_seq?: number; verdict?: string };

const PATIENCE_MS = 120_000;
