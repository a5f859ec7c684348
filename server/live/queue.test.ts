/** What one socket may have under way: as much as an honest client ever has, and no more than the memory that it may cost. */
import { afterEach, beforeEach, expect, test } from "bun:test";
import { type House, house } from "../testing/seat.ts";
import { draft } from "../testing/world.ts";

let here: House;
beforeEach(async () => void (here = await house()));
afterEach(() => here.dispose());

/** Holds every post back until `release`. */
function holdPosts(): { release: () => void } {
  const held = Promise.withResolvers<void>();
  here.chat.hooks.bind("message.posting", async (_event, next) => {
    await held.promise;
    await next();
  });
  return { release: held.resolve };
}

const postFrame = (id: string): string => JSON.stringify({ type: "message", id, room_id: here.room.id, ...draft(id) });

test("sixty-four verbs may wait for their answer and each gets it; a sixty-fifth ends the socket, and nobody else's", async () => {
  const { release } = holdPosts();
  const [bob, ann, greedy] = [await here.seat(here.bob), await here.seat(here.ann), await here.seat(here.bob)];
  const ids = Array.from({ length: 64 }, (_, i) => `waits-${i}`);
  for (const id of ids) bob.text(postFrame(id));
  for (let i = 0; i < 65; i += 1) greedy.text(postFrame(`greedy-${i}`));
  expect(await greedy.closed).toBe(1008);
  release();
  await bob.until("waits-63");
  await bob.heard("ok");
  expect(bob.frames.flatMap((frame) => (frame.type === "ok" ? [frame.id] : []))).toEqual(ids);
  expect((await ann.contents()).filter((content) => content.startsWith("waits"))).toEqual(ids);
});

test("five hundred frames of one tick are begun in their order, as far as the burst goes, and each is answered", async () => {
  await here.dispose();
  here = await house({ frames: { per_second: 50, burst: 100 } });
  const bob = await here.seat(here.bob);
  here.clock.advance(60_000); // a full bucket
  for (let i = 0; i < 500; i += 1) bob.text(`{"type":"ping","id":"burst-${i}"}`);
  while (!bob.frames.some((frame) => frame.type === "error" && frame.id === "burst-499")) await Bun.sleep(1);
  const answers = bob.frames.filter((frame) => frame.type === "pong" || frame.type === "error").map(({ type, id }) => `${type} ${id}`);
  expect(answers).toEqual(Array.from({ length: 500 }, (_, i) => `${i < 100 ? "pong" : "error"} burst-${i}`));
  here.clock.advance(1_000);
  bob.text('{"type":"ping","id":"later"}');
  while (!bob.frames.some((frame) => frame.type === "pong" && frame.id === "later")) await Bun.sleep(1);
});
