/** One who listens: holds each row as of its newest rev, resumes by what is held, pages again where a resume ends in `reset`, and acks. */
import type { MessagePage, Row, ServerFrame } from "../../server/protocol.ts";
import type { Heard, History } from "./history.ts";
import { call, heardOf, open, type Person, type Reach } from "./person.ts";

export type Hearer = {
  readonly name: string;
  /** What is held, by room and seq. */
  readonly rooms: ReadonlyMap<string, ReadonlyMap<number, Heard>>;
  /** Opens a socket and resumes by what is held; resolves when caught up, or when that failed. Gives the number of the session. */
  connect(): Promise<number>;
  drop(): void;
  isOpen(): boolean;
  /** Whether its last resume came to its end, what was reset paged anew; else why not, and whether it was greeted at all. */
  level(): true | Unlevel;
};

export type Unlevel = { why: string; greeted: boolean };
type Parts = { name: string; reach: Reach; who: Pick<Person, "id" | "token">; room_ids: readonly string[]; history: History };

const CAUGHT_UP_MS = 20_000;
const ACK_EVERY = 40; // rows
const ACKS_IN_FLIGHT = 32; // at 64 unanswered frames a socket is closed

export function createHearer({ name, reach, who, room_ids, history }: Parts): Hearer {
  const rooms = new Map(room_ids.map((id) => [id, new Map<number, Heard>()]));
  const cursors = new Map(room_ids.map((id) => [id, 0]));
  const unpaged = new Set<string>(); // reset, and not yet paged again to the end: nothing that is heard makes up for what was not
  const acking = new Map<string, { room_id: string; seq: number }>();
  let epoch: string | undefined;
  let session = 0;
  let heard = 0;
  let acks = 0;
  let socket: WebSocket | null = null;

  const keep = (room_id: string, row: Heard): void => {
    const held = rooms.get(room_id);
    if (held && (held.get(row.seq)?.rev ?? 0) < row.rev) held.set(row.seq, row);
  };

  const take = (opened: WebSocket, row: Row): void => {
    const [room_id, rev] = placeOf(row);
    if (row.type === "room" && row.room.me) return history.note({ op: "own", hearer: name, session, room_id, rev, left: false }); // gained, or a level
    cursors.set(room_id, Math.max(cursors.get(room_id) ?? 0, rev));
    if (row.type === "member" && row.member.user_id === who.id)
      history.note({ op: "own", hearer: name, session, room_id, rev, left: row.member.left_at !== undefined });
    if (row.type !== "message") return;
    history.note({ op: "heard", hearer: name, session, room_id, row: heardOf(row.message) });
    keep(room_id, heardOf(row.message));
    heard += 1;
    if (heard % ACK_EVERY === 0) ackOf(opened, room_id, row.message.seq);
  };

  /** What was heard, again, something lower, and something that nobody has; never so many at once that the server takes it for a flood. */
  const ackOf = (opened: WebSocket, room_id: string, last: number): void => {
    if (acking.size > ACKS_IN_FLIGHT) return;
    for (const seq of [last, last, Math.max(0, last - 10), last + 1_000_000]) {
      const id = `ack-${session}-${(acks += 1)}`;
      acking.set(id, { room_id, seq });
      opened.send(JSON.stringify({ type: "ack", id, room_id, seq }));
    }
  };

  let level: true | Unlevel = { why: "it never connected", greeted: false };
  const repage = async (room_id: string): Promise<void> => {
    unpaged.add(room_id);
    for (let after = 0, more = true; more;) {
      const answer = await call(reach, "GET", `/rooms/${room_id}/messages?after_seq=${after}&limit=200`, who.token);
      if (answer?.status !== 200) return; // from the beginning next time
      const page = answer.body as MessagePage;
      for (const message of page.items) keep(room_id, heardOf(message));
      after = page.items.at(-1)?.seq ?? after;
      more = page.more_after;
    }
    unpaged.delete(room_id);
  };

  const listen = (opened: WebSocket): Promise<void> => {
    const paging: Promise<void>[] = [];
    let greeted = false;
    level = { why: `not caught up after ${CAUGHT_UP_MS} ms`, greeted: true };
    return new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, CAUGHT_UP_MS);
      opened.onclose = ({ code }) => {
        clearTimeout(timer);
        if (socket === opened && level !== true) level = { why: `closed with ${code}`, greeted };
        if (socket === opened) socket = null;
        acking.clear();
        resolve();
      };
      opened.onmessage = ({ data }) => {
        if (socket !== opened) return;
        const frame: ServerFrame = JSON.parse(String(data));
        if (frame.type === "message" || frame.type === "member" || frame.type === "room") take(opened, frame);
        if (frame.type === "hello") {
          greeted = true;
          const rooms = [...cursors].map(([room_id, rev]) => [room_id, unpaged.has(room_id) ? 0 : rev]);
          opened.send(JSON.stringify({ type: "sync", rooms, ...(epoch !== undefined && { epoch }) }));
          epoch = frame.epoch;
        }
        if ((frame.type === "ok" || frame.type === "error") && frame.id !== undefined) {
          const asked = acking.get(frame.id);
          acking.delete(frame.id);
          if (frame.type === "error" && frame.code === "internal") reach.tally.internal += 1;
          if (asked) history.note({ op: "ack", hearer: name, ...asked, taken: frame.type === "ok" });
        }
        if (frame.type === "synced" && rooms.has(frame.room_id)) {
          history.note({ op: "verdict", hearer: name, session, room_id: frame.room_id, verdict: frame.verdict });
          if (frame.verdict === "reset") paging.push(repage(frame.room_id));
          else unpaged.delete(frame.room_id);
          cursors.set(frame.room_id, Math.max(frame.verdict === "reset" ? 0 : (cursors.get(frame.room_id) ?? 0), frame.last_rev));
        }
        if (frame.type === "caught_up") {
          clearTimeout(timer);
          void Promise.all(paging).then(() => {
            level = true;
            resolve();
          });
        }
      };
    });
  };

  return {
    name,
    rooms,
    async connect() {
      level = { why: "its socket was not opened", greeted: false };
      const opened = await open(reach, who.token);
      if (!opened) return session;
      socket = opened;
      session += 1;
      history.note({ op: "open", hearer: name, session });
      await listen(opened);
      return session;
    },
    drop() {
      const opened = socket;
      socket = null;
      opened?.close();
    },
    isOpen: () => socket !== null,
    level: () => level,
  };
}

function placeOf(row: Row): [room_id: string, rev: number] {
  if (row.type === "message") return [row.message.room_id, row.message.rev];
  return row.type === "member" ? [row.member.room_id, row.member.rev] : [row.room.id, row.room.rev];
}
