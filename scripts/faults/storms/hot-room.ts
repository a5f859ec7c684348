/** Everybody posts into one room of Postgres: all wait for its lock, and each post has its place. */
import { startTestPostgres } from "../../../server/testing/postgres-server.ts";
import { pagesOf } from "../audit.ts";
import { open } from "../person.ts";
import { inScene, type Measured, type Scene } from "../stalls/scene.ts";
import { inTurn, positionOf, sit } from "./crowd.ts";

const SENDERS = 64;
const POSTS = 80; // of each
const LEAST_PER_SECOND = 500;

export async function hotRoom(executable: string): Promise<Measured> {
  const postgres = await startTestPostgres([]);
  try {
    return await inScene({ executable, database_url: postgres.url }, play);
  } finally {
    await postgres.stop();
  }
}

async function play(scene: Scene): Promise<Measured> {
  const { reach, room_id, bob } = scene;
  const place = { room_id, ...(await positionOf(reach, bob.token, room_id)) };
  const hearers = await inTurn(3, () => sit(reach, bob.token, place));
  const posters = await inTurn(SENDERS, (nth) => poster(scene, nth));
  const begun = performance.now();
  const replies = (await Promise.all(posters.map((post) => post()))).flat();
  const took_s = (performance.now() - begun) / 1_000;
  const last_seq = place.seq + replies.length;
  for (const until = performance.now() + 10_000; performance.now() < until && hearers.some((one) => one?.last_seq !== last_seq);) await Bun.sleep(20);
  const stored = (await pagesOf(reach, bob.token, [room_id])).get(room_id);
  const lost = replies.filter(({ seq, content }) => stored?.get(seq)?.content !== content).length;
  const in_turn = hearers.filter((one) => one?.rows === replies.length && one.gaps === 0).length;
  for (const one of hearers) one?.close();
  const rate = replies.length / took_s;
  return {
    pass: replies.length === SENDERS * POSTS && rate >= LEAST_PER_SECOND && lost === 0 && in_turn === hearers.length,
    what: `${replies.length} replies in ${took_s.toFixed(1)} s, ${Math.round(rate)} a second; ${lost} not where they were said to be, ${in_turn} of ${hearers.length} hearers heard all in order`,
  };
}

type Reply = { seq: number; content: string };

/** Gives what posts, each when the one before was answered, and resolves with the replies. */
async function poster({ reach, owner, room_id }: Scene, nth: number): Promise<() => Promise<Reply[]>> {
  const socket = await open(reach, owner);
  if (!socket) throw new Error("No socket could be opened.");
  await new Promise<void>((resolve) => (socket.onmessage = () => resolve()));
  return () =>
    new Promise((resolve) => {
      const replies: Reply[] = [];
      const post = (): void => {
        const i = replies.length;
        const client_id = `hot-${nth}-${String(i).padStart(14, "0")}`;
        socket.send(JSON.stringify({ type: "message", id: "post", room_id, client_id, content: `post ${nth}.${i}` }));
      };
      socket.onclose = () => resolve(replies);
      socket.onmessage = ({ data }) => {
        const frame: { type: string; message: Reply } = JSON.parse(String(data));
        if (frame.type !== "ok") return;
        replies.push({ seq: frame.message.seq, content: frame.message.content });
        if (replies.length === POSTS) socket.close();
        else post();
      };
      post();
    });
}
