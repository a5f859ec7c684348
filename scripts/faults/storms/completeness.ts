/** A thousand people in one room, a thousand posts: each hears all, in order, or is told that they did not. */
import { call } from "../person.ts";
import { inScene, type Measured } from "../stalls/scene.ts";
import { inTurn, positionOf, sit } from "./crowd.ts";

const HEARERS = 1_000;
const POSTS = 1_000;
const POSTERS = 16;
const HEARD_WITHIN_MS = 60_000;

export const allHearAll = (executable: string): Promise<Measured> =>
  inScene({ executable }, async ({ reach, room_id, owner, bob }) => {
    const place = { room_id, ...(await positionOf(reach, bob.token, room_id)) };
    const seats = await inTurn(HEARERS, () => sit(reach, bob.token, place));
    const post = (i: number) =>
      call(reach, "POST", `/rooms/${room_id}/messages`, owner, { client_id: `heard-${String(i).padStart(12, "0")}`, content: `post ${i}` });
    const begun = performance.now();
    const answers = await inTurn(POSTS, post, POSTERS);
    const stored = answers.filter((answer) => answer?.status === 201).length;
    const last_seq = place.seq + stored;
    const isDone = (): boolean => seats.every((seat) => seat === null || seat.last_seq === last_seq);
    for (const until = begun + HEARD_WITHIN_MS; performance.now() < until && !isDone();) await Bun.sleep(20);
    const took = performance.now() - begun;
    const complete = seats.filter((seat) => seat !== null && seat.rows === stored && seat.gaps === 0).length;
    const told = seats.filter((seat) => seat === null || seat.resets > 0).length;
    for (const seat of seats) seat?.close();
    return {
      pass: stored === POSTS && complete === HEARERS,
      what: `${stored} posts, ${complete} of ${HEARERS} heard each of them once and in order, ${told} were told that they did not, after ${Math.round(took)} ms`,
    };
  });
