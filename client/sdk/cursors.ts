/**
 * How far each room has been told, and what to do about what is missing. Rows are told in rev order, each once: what is not newer than the
 * cursor is dropped, and a message that comes while one before it is missing is held back until that one is there or the server has given
 * all it has. Only rows of the room's own stream and `synced` move a cursor.
 */
import type { HelloFrame, Room, Row, ServerFrame } from "../../server/protocol.ts";
import type { Link } from "./link.ts";
import type { Cursors, Options } from "./types.ts";

/** `rev` and `seq` of what was told last; null where nothing is known. `held` are the rows behind a hole, by rev. */
type Place = { rev: number | null; seq: number | null; catching_up: boolean; held: Map<number, Row> | null; cancel: () => void };
type Synced = Extract<ServerFrame, { type: "synced" }>;

export type CursorParts = {
  link: Pick<Link, "say">;
  later(ms: number, run: () => void): () => void;
  tell: {
    row(row: Row): void;
    gone(room_id: string): void;
    reset(synced: Pick<Synced, "room_id" | "last_seq" | "last_rev">): void;
  };
} & Pick<Options, "cursors" | "from" | "room_id">;

const HOLE_MS = 1_000; // another instance's row may be a moment behind; what is missing longer is asked for
const SYNC_MAX = 1_000; // rooms that one frame may name
const HELD_MAX = 2_000; // the server gives no more than this in one resume

export function createCursors({ link, later, tell, cursors, from = "now", room_id: bound }: CursorParts) {
  const { mine = [], others = [] } = Object.groupBy(cursors?.rooms ?? [], ([room_id]) =>
    bound === undefined || room_id === bound ? "mine" : "others",
  );
  const places = new Map<string, Place>(mine.map(([room_id, rev]) => [room_id, place(rev, null)]));
  let epoch = cursors?.epoch; // of the history that the cursors belong to
  let next_epoch = "";
  let everCaughtUp = cursors !== undefined;
  let my_id = "";
  let named = new Map<string, Room>();

  const known = (): Cursors["rooms"] => [...places].flatMap(([room_id, { rev }]): [string, number][] => (rev === null ? [] : [[room_id, rev]]));
  const now = (): Cursors => ({ ...(epoch !== undefined && { epoch }), rooms: [...known(), ...others] }); // of a socket that is bound nothing is learnt of the others
  const say = (rooms?: [string, number][]): void =>
    link.say({ type: "sync", ...(epoch !== undefined && { epoch }), ...(rooms !== undefined && { rooms }) });

  const forget = (room_id: string): void => {
    places.get(room_id)?.cancel();
    if (places.delete(room_id)) tell.gone(room_id);
  };

  const sync = (): void => {
    for (const room_id of [...places.keys()]) if (!named.has(room_id)) forget(room_id);
    const held = known();
    for (const [room_id] of held.splice(SYNC_MAX)) places.set(room_id, place(null, null)); // begun anew below, and told so
    const fromAcks = !everCaughtUp && from === "acks";
    for (const { id, last_rev, last_seq } of named.values()) {
      const { rev = null } = places.get(id) ?? {};
      if (places.has(id) && rev === null && !fromAcks) tell.reset({ room_id: id, last_rev, last_seq }); // gained and lost sight of before a row came
      if (rev === null) places.set(id, fromAcks ? place(null, null) : place(last_rev, last_seq));
    }
    say(fromAcks ? undefined : held);
    epoch ??= next_epoch;
  };

  const told = (at: Place, row: Row, rev: number): void => {
    at.rev = rev;
    if (row.type === "message") at.seq = Math.max(at.seq ?? 0, row.message.seq);
    tell.row(row);
    const isOut = row.type === "member" && row.member.user_id === my_id && row.member.left_at !== undefined;
    if (isOut) forget(row.member.room_id);
  };

  const release = (at: Place): void => {
    const rows = [...(at.held ?? [])].sort(([a], [b]) => a - b);
    at.cancel();
    at.held = null;
    for (const [rev, row] of rows) told(at, row, rev);
  };

  const ask = (room_id: string, at: Place): void => {
    if (at.rev === null || !at.held) return;
    at.catching_up = true;
    say([[room_id, at.rev]]);
  };

  return {
    /** One part of the list that a connection begins with; the last one is answered with `sync`. */
    named(rooms: readonly Room[], last: boolean, hello?: HelloFrame): void {
      if (hello) {
        named = new Map();
        next_epoch = hello.epoch;
        my_id = hello.user.id;
      }
      for (const room of rooms) named.set(room.id, room);
      if (last) sync();
    },
    /** A room gained while connected: its rows come by themselves. */
    gained(room_id: string): void {
      if (!places.has(room_id)) places.set(room_id, place(null, null));
    },
    row(row: Row): void {
      const [room_id, rev] = whereOf(row);
      const at = places.get(room_id) ?? place(null, null);
      places.set(room_id, at);
      if (at.rev !== null && rev <= at.rev) return;
      const opens = !at.catching_up && at.seq !== null && row.type === "message" && row.message.seq > at.seq + 1;
      if (!at.held && !opens) return told(at, row, rev);
      at.held ??= new Map();
      if (opens && at.held.size === 0) at.cancel = later(HOLE_MS, () => ask(room_id, at));
      at.held.set(rev, row);
      if (isWhole(at) || at.held.size > HELD_MAX) release(at);
    },
    synced({ room_id, verdict, last_seq, last_rev }: Synced): void {
      const at = places.get(room_id);
      if (!at) return;
      at.catching_up = false;
      if (verdict === "reset") {
        at.cancel();
        Object.assign(at, { held: null, rev: last_rev, seq: last_seq });
        return tell.reset({ room_id, last_seq, last_rev });
      }
      release(at);
      at.rev = Math.max(at.rev ?? 0, last_rev);
      at.seq = Math.max(at.seq ?? 0, last_seq);
    },
    /** From here on the cursors belong to the history that this connection told. */
    caughtUp(): void {
      epoch = next_epoch;
      everCaughtUp = true;
    },
    /** The connection has ended: what was held back comes again. */
    lost(): void {
      for (const at of places.values()) {
        at.cancel();
        Object.assign(at, { held: null, catching_up: true });
      }
    },
    now,
  };
}

const place = (rev: number | null, seq: number | null): Place => ({ rev, seq, catching_up: true, held: null, cancel: () => {} });

const whereOf = (row: Row): [room_id: string, rev: number] => {
  if (row.type === "room") return [row.room.id, row.room.rev];
  const { room_id, rev } = row.type === "message" ? row.message : row.member;
  return [room_id, rev];
};

/** Whether no message is missing between what was told and what is held. */
function isWhole({ seq, held }: Place): boolean {
  const seqs = [...(held?.values() ?? [])].flatMap((row) => (row.type === "message" ? [row.message.seq] : []));
  const after = new Set(seqs.filter((one) => one > (seq ?? 0)));
  return Math.max(seq ?? 0, ...after) === (seq ?? 0) + after.size;
}
