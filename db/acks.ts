/** What is written of acks beside the acks themselves: runs that have ended (spoken.ts), and what an import makes of who spoke. */
import { advanceRooms, type CountedRoom, givenLists, lockRoom } from "./islands.ts";
import { ranTo } from "./spoken.ts";
import type { Island, Tx } from "./store.ts";

/** What one said in a room before anybody else, in one batch. `before`: the room's `last_at` until then. `over`: then others spoke. */
export type FirstRun = { room: CountedRoom; sender_id: string; first: number; last: number; before: number; over: boolean };
/** A run of one speaker that nothing is added to; `at` is when its last was said. */
export type EndedRun = { tenant_id: string; room_id: string; user_id: string; first: number; last: number; at: number };

/** Takes in a post of a batch, which is the room's last by now: of each room the first, with those of the same sender that follow it. */
export function addToFirst(runs: Map<string, FirstRun>, room: CountedRoom, sender_id: string, before: number): void {
  const seq = room.last_seq;
  const run = runs.get(room.id);
  if (!run) runs.set(room.id, { room, sender_id, first: seq, last: seq, before, over: false });
  else if (run.sender_id === sender_id && !run.over) run.last = seq;
  else run.over = true;
}

/**
 * Says in each room, which is locked, who speaks from now on, and gives what has ended by that. Who speaks after others of the same batch begins no run:
 * an ack never passes the last seq, which was that of the post before the batch, so nobody has all that was said before them.
 */
export function speak(runs: Iterable<FirstRun>, now: number): EndedRun[] {
  const ended: EndedRun[] = [];
  for (const { room, sender_id, first, last, before, over } of runs) {
    const { tenant_id, id: room_id, speaker_id, spoken_from } = room;
    const isSame = speaker_id === sender_id;
    const from = isSame ? (spoken_from ?? first) : first;
    if (speaker_id !== null && !isSame)
      ended.push({ tenant_id, room_id, user_id: speaker_id, first: spoken_from ?? first, last: first - 1, at: before });
    if (over) ended.push({ tenant_id, room_id, user_id: sender_id, first: from, last, at: now });
    room.speaker_id = over ? null : sender_id;
    room.spoken_from = over ? first : from;
  }
  return ended;
}

const ended: Island<never> = {
  text: `UPDATE members SET acked_seq = $1, acked_at = $2
    WHERE tenant_id = $3 AND room_id = $4 AND user_id = $5 AND acked_seq >= $6 - 1 AND acked_seq < $1`,
  many: `UPDATE members SET ${ranTo("v.f", "v.a", "v.b")}
    FROM ${givenLists("bigint", "bigint", "text", "text", "text", "bigint")}
    WHERE tenant_id = v.c AND room_id = v.d AND user_id = v.e AND acked_seq < v.a`,
};

/** Raises each speaker's ack over their run, if they had all before it. Their rooms are locked. */
export async function ackRuns(tx: Tx, runs: readonly EndedRun[]): Promise<void> {
  await tx.run(
    ended,
    runs.map((run) => [run.last, run.at, run.tenant_id, run.room_id, run.user_id, run.first]),
  );
}

/** Ends the run of whoever speaks in the room, if it is this one or nobody is named: afterwards everybody's ack is as it stands in their row. */
export async function endRun(tx: Tx, { tenant_id, room_id, user_id }: { tenant_id: string; room_id: string; user_id?: string }): Promise<void> {
  const room = await lockRoom(tx, tenant_id, room_id);
  if (!room || room.speaker_id === null || (user_id !== undefined && room.speaker_id !== user_id)) return;
  const { speaker_id, spoken_from, last_seq: last, last_at: at } = room;
  await ackRuns(tx, [{ tenant_id, room_id, user_id: speaker_id, first: spoken_from ?? last, last, at }]);
  await advanceRooms(tx, [{ ...room, speaker_id: null }], room.updated_at);
}

const spokenAck: Island<never> = {
  text: "UPDATE members SET acked_seq = $1, acked_at = $2 WHERE tenant_id = $3 AND room_id = $4 AND user_id = $5 AND acked_seq < $1",
  many: `UPDATE members SET acked_seq = v.a, acked_at = v.b
    FROM ${givenLists("bigint", "bigint", "text", "text", "text")}
    WHERE tenant_id = v.c AND room_id = v.d AND user_id = v.e AND acked_seq < v.a`,
};

/** Raises each member's ack to the last of theirs, at its time. Nobody's run is kept in the room. */
export async function ackSpoken(
  tx: Tx,
  said: readonly { tenant_id: string; room_id: string; sender_id: string; seq: number; created_at: number }[],
): Promise<void> {
  await tx.run(
    spokenAck,
    said.map((row) => [row.seq, row.created_at, row.tenant_id, row.room_id, row.sender_id]),
  );
}
