import { afterEach, expect, test } from "bun:test";
import { eq } from "drizzle-orm";
import { createLimiter } from "../chat/limiter.ts";
import type { Principal } from "../chat/principal.ts";
import { type House, house } from "../testing/seat.ts";
import { openDoor, visit } from "../testing/visitor.ts";
import { draft } from "../testing/world.ts";

let here: House;
afterEach(() => here.dispose());

test("bad frames are refused by name and cost the socket nothing", async () => {
  here = await house();
  const bob = await here.seat(here.bob);
  for (const text of [
    "{",
    "5",
    "null",
    "[]",
    '{"type":"nonsense"}',
    '{"type":"ack","room_id":5,"seq":-1}',
    `{"type":"ping","x":${"[".repeat(40)}${"]".repeat(40)}}`,
  ])
    bob.text(text);
  bob.text(new Uint8Array([1, 2, 3]));
  const errors = await bob.heard("error");
  expect(errors.map(({ code }) => code)).toEqual([
    "bad_request",
    "bad_request",
    "bad_request",
    "bad_request",
    "bad_request",
    "invalid",
    "bad_request",
    "bad_request",
  ]);
  expect(JSON.stringify(errors)).not.toContain("nonsense_value");
  expect((await bob.ask({ type: "ack", room_id: here.room.id, seq: 0 })).type).toBe("ok");
});

test("a flood is limited before it is parsed, and ends the socket when it goes on", async () => {
  here = await house({ frames: { per_second: 50, burst: 50 } });
  const bob = await here.seat(here.bob);
  for (let i = 0; i < 40; i += 1) bob.text('{"type":"ping"}');
  for (let i = 0; i < 100; i += 1) bob.text(`{"type":"ping","id":"flood-${i}"}`);
  while (!bob.frames.some((frame) => frame.type === "error" && frame.id === "flood-99")) await Bun.sleep(1);
  expect(bob.frames.filter((frame) => frame.type === "error").every(({ code }) => code === "rate_limited")).toBe(true);
  for (let i = 0; i < 1_000; i += 1) bob.text('{"type":"ping"}');
  expect(await bob.closed).toBe(1008);
});

test("a silent peer is cut after sixty seconds, one that answers pings is not", async () => {
  here = await house();
  const bob = await here.seat(here.bob);
  for (let i = 0; i < 4; i += 1) {
    here.clock.advance(25_000);
    await here.live.beat();
    await bob.heard("pong"); // Bun's client answers the ping by itself before this
  }
  expect(await bob.contents()).toEqual([]);
  here.clock.advance(61_000);
  await here.live.beat();
  expect(await bob.closed).toBe(1006);
});

test("what a person posts by one door counts at the other", async () => {
  const sends = createLimiter({ per_second: 1, burst: 2 });
  here = await house({ sends });
  const open = openDoor(here, { sends });
  const bob = await here.seat(here.bob);
  const byFrame = () => bob.ask({ type: "message", room_id: here.room.id, ...draft("by frame") });
  const byRoute = (who: Principal) => visit(open, who).post(`/rooms/${here.room.id}/messages`, { content: "by route" });
  expect([(await byFrame()).type, (await byRoute(here.bob)).status]).toEqual(["ok", 201]);
  expect(await byFrame()).toMatchObject({ type: "error", code: "rate_limited", retry: true });
  expect((await byRoute(here.bob)).status).toBe(429);
  expect((await byRoute(here.ann)).status).toBe(201);
});

test("a workspace may want shorter messages: frames are held to it, and hello says so", async () => {
  here = await house();
  const { tenants } = here.chat.store.t;
  await here.chat.store.write((tx) =>
    tx
      .update(tenants)
      .set({ limits: { content_points: 2_000 } })
      .where(eq(tenants.id, "tenant-one")),
  );
  const bob = await here.seat(here.bob);
  const say = (content: string) => bob.ask({ type: "message", room_id: here.room.id, ...draft(content) });
  expect((await bob.heard("hello"))[0]?.limits).toMatchObject({ content_points: 2_000, content_bytes: 16_384 });
  expect(await say("x".repeat(2_000))).toMatchObject({ type: "ok" });
  expect(await say("x".repeat(2_001))).toMatchObject({ type: "error", code: "too_large" });
  const mallory = await here.seat(here.mallory);
  expect((await mallory.heard("hello"))[0]?.limits).toMatchObject({ content_points: 4_000 });
});

test("an edit and a removal count as sends at both doors", async () => {
  const sends = createLimiter({ per_second: 1, burst: 4 });
  here = await house({ sends });
  const open = openDoor(here, { sends });
  const bob = await here.seat(here.bob);
  const place = { room_id: here.room.id };
  const said = await bob.ask({ type: "message", ...place, ...draft("said") });
  const message_id = said.type === "ok" ? (said.message?.id ?? "") : expect.unreachable();
  const byRoute = visit(open, here.bob);
  const path = `/rooms/${here.room.id}/messages/${message_id}`;
  expect((await bob.ask({ type: "edit", ...place, message_id, content: "once" })).type).toBe("ok");
  expect((await byRoute.patch(path, { content: "twice" })).status).toBe(200);
  expect((await bob.ask({ type: "remove", ...place, message_id })).type).toBe("ok");
  expect(await bob.ask({ type: "remove", ...place, message_id })).toMatchObject({ type: "error", code: "rate_limited" });
  expect((await byRoute.patch(path, { content: "thrice" })).status).toBe(429);
});

test("typing is told five times at once, then once a second; what goes beyond is not told, and refused to nobody", async () => {
  here = await house();
  const [ann, bob] = [await here.seat(here.ann), await here.seat(here.bob)];
  const type = async (times: number): Promise<number> => {
    const before = ann.frames.length;
    for (let i = 0; i < times; i += 1) expect((await bob.ask({ type: "typing", room_id: here.room.id, is_typing: true })).type).toBe("ok");
    await ann.heard("pong");
    return ann.frames.slice(before).filter((frame) => frame.type === "typing").length;
  };
  expect(await type(3)).toBe(3);
  expect(await type(20)).toBe(2);
  here.clock.advance(2_000);
  expect(await type(20)).toBe(2);
});
