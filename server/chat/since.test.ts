import { afterAll, beforeAll, expect, test } from "bun:test";
import type { Row } from "../protocol.ts";
import { refusalOf } from "../testing/refusals.ts";
import { draftFor, type World, world } from "../testing/world.ts";
import { acknowledge } from "./acks.ts";
import { joinRoom, leaveRoom } from "./membership.ts";
import { editMessage, postMessage, removeMessage } from "./messages.ts";
import { createRoom, patchRoom } from "./rooms.ts";
import { revOf, since, sinceAck, sinceRev } from "./since.ts";

let here: World;
beforeAll(async () => {
  here = await world();
});
afterAll(() => here.dispose());

const open = async (name: string) => (await createRoom(here.chat, here.ann, { type: "channel", name, visibility: "public" })).room;
const all = async (room_id: string, from: number) => {
  const rows = [];
  for (let cursor = from, more = true; more;) {
    const step = await since(here.chat, { tenant_id: here.ann.tenant_id, room_id }, cursor);
    rows.push(...step.rows);
    cursor = step.position;
    more = step.more_after;
  }
  return rows;
};

test("each change since a rev comes once, as it is now, in the order of revs", async () => {
  const { chat, ann, cy } = here;
  const room = await open("changes");
  const start = room.last_rev;
  const a = await postMessage(chat, ann, draftFor(room, "a"));
  const b = await postMessage(chat, ann, draftFor(room, "b"));
  await joinRoom(chat, cy, { room_id: room.id });
  await editMessage(chat, ann, { room_id: room.id, message_id: a.message.id, content: "a, better" });
  await removeMessage(chat, ann, { room_id: room.id, message_id: b.message.id });
  await patchRoom(chat, ann, { room_id: room.id, name: "renamed" });
  await leaveRoom(chat, cy, { room_id: room.id });
  const rows = await all(room.id, start);
  const told = rows.map((row) =>
    row.type === "message"
      ? row.message.content
      : row.type === "member"
        ? `${row.user.display_name} left ${row.member.left_at !== undefined}`
        : row.room.name,
  );
  expect(told).toEqual(["a, better", "", "cy left true", "renamed"]);
  expect(rows.map(revOf)).toEqual(rows.map(revOf).toSorted((x, y) => x - y));
});

test("a resume in steps of 200 tells what one of any length would", async () => {
  const { chat, ann } = here;
  const room = await open("steps");
  const posts = await Promise.all(Array.from({ length: 450 }, (_, i) => postMessage(chat, ann, draftFor(room, `m${i}`))));
  for (const { message } of posts.filter((_, i) => i % 2 === 0)) {
    await editMessage(chat, ann, { room_id: room.id, message_id: message.id, content: `edited ${message.id}` });
  }
  const rows = (await all(room.id, room.last_rev)).filter((row) => row.type === "message");
  expect(rows).toHaveLength(450);
  expect(new Set(rows.map(revOf)).size).toBe(450);
  expect(rows.map(revOf)).toEqual(rows.map(revOf).toSorted((x, y) => x - y));
});

test("from any cursor, the rows are those whose rev is above it", async () => {
  const { chat, ann } = here;
  const room = await open("cursors");
  const posts = await Promise.all(Array.from({ length: 12 }, (_, i) => postMessage(chat, ann, draftFor(room, `m${i}`))));
  for (const i of [3, 7, 3]) {
    const message_id = posts[i]?.message.id ?? "";
    await editMessage(chat, ann, { room_id: room.id, message_id, content: `again ${Math.random()}` });
  }
  const everything = await all(room.id, 0);
  const top = Math.max(...everything.map(revOf));
  for (let cursor = 0; cursor <= top; cursor += 1) {
    expect((await all(room.id, cursor)).map(revOf)).toEqual(everything.map(revOf).filter((rev) => rev > cursor));
  }
});

test("a member asks by rev, cy and mallory get the answer of no room, a cursor of another history is gone", async () => {
  const { chat, ann, bob, cy, mallory, room } = here;
  await postMessage(chat, ann, draftFor(room, "news"));
  const page = await sinceRev(chat, bob, { room_id: room.id, since_rev: room.last_rev });
  expect(page.items.map(({ type }) => type)).toEqual(["message"]);
  expect(page.users.map(({ id }) => id)).toEqual([ann.user_id]);
  expect(await refusalOf(sinceRev(chat, cy, { room_id: room.id, since_rev: 0 }))).toBe("not_found");
  expect(await refusalOf(sinceRev(chat, mallory, { room_id: room.id, since_rev: 0 }))).toBe("not_found");
  expect(await refusalOf(sinceRev(chat, bob, { room_id: room.id, since_rev: 9_999 }))).toBe("gone");
});

test("without state, what was never acked is owed, up to 2,000 messages", async () => {
  const { chat, ann, cy } = here;
  const room = await open("owed");
  await joinRoom(chat, cy, { room_id: room.id });
  const post = (n: number) => Promise.all(Array.from({ length: n }, (_, i) => postMessage(chat, ann, draftFor(room, `m${i}`))));
  await post(10);
  await acknowledge(chat, cy, { room_id: room.id, seq: 4 });
  const owed = await sinceAck(chat, cy, room.id);
  expect(owed === "reset" ? owed : owed.count).toBe(6);
  const last = (await post(1_994)).at(-1) ?? expect.unreachable();
  const full = await sinceAck(chat, cy, room.id);
  if (full === "reset") throw new Error("reset");
  expect(full.count).toBe(2_000);
  const steps: Row[][] = [];
  for await (const rows of full.steps()) {
    steps.push(rows);
    if (steps.length === 1) await editMessage(chat, ann, { room_id: room.id, message_id: last.message.id, content: "changed meanwhile" });
  }
  expect(Math.max(...steps.map((rows) => rows.length))).toBe(200);
  const told = steps.flat();
  expect(told.length).toBe(1_999); // the one that changed is told after `position`
  expect(told.map(revOf)).toEqual(told.map(revOf).toSorted((a, b) => a - b));
  expect((await since(chat, { ...cy, room_id: room.id }, full.position)).rows.map(revOf)).toEqual([full.position + 1]);
  await post(1);
  expect(await sinceAck(chat, cy, room.id)).toBe("reset");
});

test("an ack only rises, is refused above the last seq, and is told to one's own sockets; again where it stands, not below", async () => {
  const { chat, ann, cy, room } = here;
  const last = (await postMessage(chat, here.bob, draftFor(room, "ack me"))).message.seq;
  await acknowledge(chat, ann, { room_id: room.id, seq: last });
  await acknowledge(chat, ann, { room_id: room.id, seq: 1 });
  const told: unknown[] = [];
  chat.backplane.listen({ room: () => {}, user: () => {}, notice: (notice) => void told.push("frame" in notice && notice.frame), lost: () => {} });
  expect(await refusalOf(acknowledge(chat, ann, { room_id: room.id, seq: last + 1 }))).toBe("invalid");
  expect(await refusalOf(acknowledge(chat, cy, { room_id: room.id, seq: 1 }))).toBe("not_found");
  expect(told).toEqual([]);
  await acknowledge(chat, here.bob, { room_id: room.id, seq: last });
  expect(told).toEqual([{ type: "ack", room_id: room.id, user_id: here.bob.user_id, seq: last }]);
  await acknowledge(chat, here.bob, { room_id: room.id, seq: last });
  await acknowledge(chat, here.bob, { room_id: room.id, seq: last - 1 });
  expect(told).toHaveLength(2);
});
