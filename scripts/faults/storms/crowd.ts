/** Sockets by the thousand in one process: opened some at a time, each cheap to hear. */
import { open, type Reach } from "../person.ts";

export type Seat = {
  /** Of the last row heard, and how many rows there were. */
  last_seq: number;
  rows: number;
  /** Rows that were not the one after the last. */
  gaps: number;
  resets: number;
  closed: Promise<number>;
  close(): void;
};

const OPENING_AT_ONCE = 50;
const LEVEL_WITHIN_MS = 60_000;

/** Opens a socket, brings it level from there, and gives it; null when the server is not there or the socket ends before. */
export async function sit(reach: Reach, token: string, place: { room_id: string; rev: number; seq: number }): Promise<Seat | null> {
  const socket = await open(reach, token);
  if (!socket) return null;
  const closing = Promise.withResolvers<number>();
  const seat: Seat = { last_seq: place.seq, rows: 0, gaps: 0, resets: 0, closed: closing.promise, close: () => socket.close() };
  socket.onclose = ({ code }) => closing.resolve(code);
  const level = new Promise<Seat>((resolve) => {
    socket.onmessage = ({ data }) => {
      const text = String(data);
      if (text.startsWith('{"type":"message"')) hear(seat, text);
      else if (text.startsWith('{"type":"hello"')) socket.send(JSON.stringify({ type: "sync", rooms: [[place.room_id, place.rev]] }));
      else if (text.startsWith('{"type":"synced"') && text.includes('"reset"')) seat.resets += 1;
      else if (text.startsWith('{"type":"caught_up"')) resolve(seat);
    };
  });
  const late = Bun.sleep(LEVEL_WITHIN_MS).then(() => Promise.reject(new Error("A socket was not level within a minute.")));
  return Promise.race([level, closing.promise.then(() => null), late]);
}

function hear(seat: Seat, text: string): void {
  const seq = Number(/"seq":(\d+)/u.exec(text)?.[1]);
  seat.rows += 1;
  if (seq !== seat.last_seq + 1) seat.gaps += 1;
  seat.last_seq = seq;
}

/** Does it so often, some at a time. */
export async function inTurn<T>(count: number, deed: (nth: number) => Promise<T>, at_once = OPENING_AT_ONCE): Promise<T[]> {
  const done: T[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let nth = next++; nth < count; nth = next++) done[nth] = await deed(nth);
  };
  await Promise.all(Array.from({ length: Math.min(at_once, count) }, worker));
  return done;
}

/** Where a room is by now. */
export async function positionOf({ url }: Reach, token: string, room_id: string): Promise<{ rev: number; seq: number }> {
  const answer = await fetch(`${url}/api/v1/rooms/${room_id}/messages?limit=1`, { headers: { authorization: `Bearer ${token}` } });
  const { position, last_seq }: { position: number; last_seq: number } = JSON.parse(await answer.text());
  return { rev: position, seq: last_seq };
}
