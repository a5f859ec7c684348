/** Being told to stop with everybody here and in the middle of something. */
import type { Message } from "../../../server/protocol.ts";
import { pagesOf } from "../audit.ts";
import { call, open, signIn } from "../person.ts";
import { inScene, type Measured, type Scene } from "./scene.ts";

const SOCKETS = 1_000;
const POSTERS = 8;
const OPENING_AT_ONCE = 50;
const STOPPED_WITHIN_MS = 2_000;
const RESTART = 1012;

/** 1,000 sockets in a room and posters at work by both doors; SIGTERM. `under` runs the executable, for example as PID 1 of a namespace. */
export function stopsInOrder(executable: string, under: readonly string[] = []): Promise<Measured> {
  return inScene({ executable, under }, async (scene) => {
    const { served, reach, room_id, bob } = scene;
    const seats: Seat[] = [];
    while (seats.length < SOCKETS) {
      seats.push(...(await Promise.all(Array.from({ length: Math.min(OPENING_AT_ONCE, SOCKETS - seats.length) }, () => sit(scene)))));
    }
    const replied: Message[] = [];
    const posting = Array.from({ length: POSTERS }, (_, i) => (i % 2 === 0 ? postByRest : postBySocket)(scene, i, replied));
    while (replied.length < 200) await Bun.sleep(10);

    const { code, ms } = await served.terminate();
    await Promise.all(posting);
    const endings = await Promise.all(seats.map(({ closed }) => closed));
    const told = endings.filter((ending) => ending.code === RESTART && ending.last.startsWith('{"type":"shutdown"')).length;

    await served.start();
    const who = (await signIn(reach, "bob")) ?? bob;
    const stored = (await pagesOf(reach, who.token, [room_id])).get(room_id);
    const lost = replied.filter(({ id, seq }) => stored?.get(seq)?.id !== id).length;
    return {
      pass: code === 0 && ms < STOPPED_WITHIN_MS && told === SOCKETS && lost === 0 && replied.length >= 200,
      what: `over after ${Math.round(ms)} ms with exit code ${code}; ${told} of ${SOCKETS} sockets told to come back; ${replied.length} replies, ${lost} lost`,
    };
  });
}

type Seat = { closed: Promise<{ code: number; last: string }> };

async function sit({ reach, bob }: Scene): Promise<Seat> {
  const socket = await open(reach, bob.token);
  if (!socket) throw new Error("No socket could be opened.");
  let last = "";
  const closed = new Promise<{ code: number; last: string }>((resolve) => {
    socket.onclose = ({ code }) => resolve({ code, last });
  });
  return new Promise((resolve) => {
    socket.onmessage = ({ data }) => {
      last = String(data);
      if (last.startsWith('{"type":"hello"')) socket.send('{"type":"sync","rooms":[]}');
      if (last.startsWith('{"type":"caught_up"')) resolve({ closed });
    };
  });
}

/** One after the other until the server refuses or is gone. What was not replied is not in `replied`. */
async function postByRest({ reach, owner, room_id }: Scene, poster: number, replied: Message[]): Promise<void> {
  for (let i = 0; ; i += 1) {
    const answer = await call(reach, "POST", `/rooms/${room_id}/messages`, owner, { client_id: keyOf(poster, i), content: `post ${i}` });
    if (answer?.status !== 201) return;
    replied.push(answer.body as Message);
  }
}

async function postBySocket({ reach, owner, room_id }: Scene, poster: number, replied: Message[]): Promise<void> {
  const socket = await open(reach, owner);
  if (!socket) return;
  await new Promise<void>((over) => {
    let i = 0;
    const post = (): void =>
      socket.send(JSON.stringify({ type: "message", id: "post", room_id, client_id: keyOf(poster, (i += 1)), content: `post ${i}` }));
    socket.onclose = () => over();
    socket.onmessage = ({ data }) => {
      const frame = JSON.parse(String(data));
      if (frame.type === "hello") post();
      if (frame.type !== "ok") return;
      replied.push(frame.message);
      post();
    };
  });
}

const keyOf = (poster: number, i: number): string => `poster-${poster}-${String(i).padStart(12, "0")}`;
