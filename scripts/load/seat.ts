/** Opening a socket as one of the cast, at Snug or at a program of its shape, and speaking on it. */
import type { Seat, Target } from "./job.ts";
import { dial, type Wire } from "./wire.ts";

export type Frame = { type?: string; id?: string; message?: Posted; rooms?: { id: string; last_rev: number }[]; last?: boolean; code?: string };
export type Posted = { id: string; room_id: string; sender_id: string; seq: number; client_id: string; content: string };

export type Seated = {
  wire: Wire;
  /** How far each of its rooms was when it came. */
  revs: ReadonlyMap<string, number>;
  say(frame: object): void;
  /** Hears each frame; the texts that only keep a connection open are not told. */
  hear(onFrame: (frame: Frame) => void): void;
  /** Hears each text unread, for who reads it later. */
  hearText(onText: (text: string) => void): void;
};

/** Opens a socket and waits until it has been told of all its rooms; with `sync` it hears them from now on. */
export async function sit(target: Target, seat: Seat, { sync }: { sync: boolean }): Promise<Seated> {
  const connected = await connect(target, seat);
  const { say, hear } = connected;
  const revs = await new Promise<ReadonlyMap<string, number>>((told) => {
    const known = new Map<string, number>();
    hear(({ type, rooms, last }) => {
      for (const room of rooms ?? []) known.set(room.id, room.last_rev);
      if (last || (type === "hello" && !rooms)) told(known); // the bare programs tell of no rooms
    });
  });
  const seated = { ...connected, revs };
  if (!sync) return seated;
  await new Promise<void>((level) => {
    hear(({ type }) => void (type === "caught_up" && level()));
    say({ type: "sync", rooms: seat.rooms.map((room_id) => [room_id, revs.get(room_id) ?? 0]) });
  });
  return seated;
}

/** Opens and gives the socket before anything is heard on it. */
async function connect(target: Target, seat: Seat): Promise<Omit<Seated, "revs">> {
  const spoken = target.speaks === "json" ? plain : engine;
  const headers = { "sec-websocket-protocol": `snug.v1, ticket.${seat.ticket}` };
  let told: (frame: Frame) => void = () => {};
  const waiting: Frame[] = [];
  let heard = false;
  let unread: ((text: string) => void) | null = null;
  const onText = (text: string, wire: Wire): void => {
    if (unread) return unread(text);
    const frame = spoken.read(text, wire);
    if (!frame) return;
    if (heard) told(frame);
    else waiting.push(frame);
  };
  const wire = await dial({ port: target.port, ...spoken.road, ...(target.speaks === "json" && { headers }), onText });
  return {
    wire,
    say: (frame) => wire.say(spoken.write(frame)),
    hearText: (onText) => void (unread = onText),
    hear(onFrame) {
      told = onFrame;
      heard = true;
      for (const frame of waiting.splice(0)) onFrame(frame);
    },
  };
}

/** Opens many, some at a time. */
export async function sitAll(target: Target, seats: readonly Seat[], wish: { sync: boolean }): Promise<Seated[]> {
  const seated: Seated[] = [];
  for (let from = 0; from < seats.length; from += AT_ONCE) {
    seated.push(...(await Promise.all(seats.slice(from, from + AT_ONCE).map((seat) => sit(target, seat, wish)))));
  }
  return seated;
}

const AT_ONCE = 64;

const plain = {
  road: { path: "/ws" },
  write: (frame: object) => JSON.stringify(frame),
  read: (text: string, _: Wire): Frame | null => JSON.parse(text),
};

/** Engine.IO 4 and the default namespace of Socket.IO; it has no hello, so being connected is one. */
const engine = {
  road: { path: "/socket.io/?EIO=4&transport=websocket" },
  write: (frame: object) => `42${JSON.stringify(["frame", frame])}`,
  read(text: string, wire: Wire): Frame | null {
    if (text.startsWith("42")) return JSON.parse(text.slice(2))[1];
    if (text.startsWith("40")) return { type: "hello" };
    if (text.startsWith("0")) wire.say("40");
    if (text === "2") wire.say("3");
    return null;
  },
};
