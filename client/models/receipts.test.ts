import { expect, test } from "bun:test";
import { message, settled, testApi } from "../testing/outside.ts";
import { linesOf } from "./lines.ts";
import { ReceiptsModel } from "./receipts.ts";

const at = (seconds: number): string => new Date(Date.UTC(2026, 0, 2) + seconds * 1_000).toISOString();
const answered = (items: { user_id: string; seq: number; joined_at: string }[]) => {
  const found: string[] = [];
  const api = testApi({ "GET /rooms/room/receipts": () => ({ items }) });
  const receipts = new ReceiptsModel({ api, find: (ids) => void found.push(...ids), now: () => Date.parse(at(60)) });
  const seen = (stored = said): readonly string[] => {
    const drawn = linesOf({ stored, pending: [], new_after: null, more_before: false, more_after: false });
    const lines = receipts.withSeen(drawn, receipts.rooms.value.get("room"), "me");
    const line = lines.findIndex(({ kind }) => kind === "seen");
    if (line === -1) return [];
    const [above, here] = [lines[line - 1], lines[line]];
    return [`after ${above?.kind === "post" ? above.post.message?.content : "?"}`, ...(here?.kind === "seen" ? here.by : [])];
  };
  return { receipts, seen, found, api };
};
const mine = { sender_id: "me" };
const said = [message(10, "hers"), message(20, "mine", mine), message(30, "hers again")];

test("under one's own last message stand those who have read up to it, and an ack that is heard adds to them", async () => {
  const { receipts, seen } = answered([
    { user_id: "ann", seq: 30, joined_at: at(0) },
    { user_id: "bob", seq: 19, joined_at: at(0) },
  ]);
  const ack = { type: "ack", room_id: "room", user_id: "bob", seq: 20 } as const;
  receipts.heard(ack); // before it was asked: the answer will tell
  expect(seen()).toEqual([]);
  await receipts.need("room");
  expect(seen()).toEqual(["after mine", "ann"]);
  receipts.heard(ack);
  receipts.heard({ ...ack, seq: 4 }); // late
  expect(seen()).toEqual(["after mine", "ann", "bob"]);
  expect(seen([...said, message(40, "mine, later", mine)])).toEqual([]);
  expect(seen([...said, message(40, "", { ...mine, removed_at: at(41) })])).toEqual(["after mine", "ann", "bob"]);
});

test("who came after a message was said has it by joining, which is not reading it", async () => {
  const { receipts, seen } = answered([{ user_id: "cy", seq: 30, joined_at: at(25) }]);
  await receipts.need("room");
  receipts.heard({ type: "ack", room_id: "room", user_id: "dan", seq: 30 }); // unknown until now
  expect(seen()).toEqual([]);
  expect(seen([message(70, "mine", mine)])).toEqual([]);
  receipts.heard({ type: "ack", room_id: "room", user_id: "dan", seq: 70 });
  expect(seen([message(70, "mine", mine)])).toEqual(["after mine", "dan"]);
});

test("what came while nobody listened is asked for anew, and never lowers what was heard", async () => {
  const { receipts, seen, api } = answered([{ user_id: "ann", seq: 20, joined_at: at(0) }]);
  await receipts.need("room");
  receipts.heard({ type: "ack", room_id: "room", user_id: "ann", seq: 30 });
  await receipts.need("room");
  await settled();
  expect([api.asked.length, seen([message(30, "mine", mine)])]).toEqual([2, ["after mine", "ann"]]);
});

test("an ack that is heard while the list is on its way is not lost to the older answer, and shows its reader as who was there", async () => {
  const list = Promise.withResolvers<unknown>();
  const model = new ReceiptsModel({ api: { get: (() => list.promise) as never }, find: () => {}, now: () => Date.parse("2026-02-02T00:00:00.000Z") });
  const asked = model.need("room");
  model.heard({ type: "ack", room_id: "room", user_id: "bob", seq: 7 });
  list.resolve({ items: [{ user_id: "bob", seq: 6, joined_at: "2026-01-01T00:00:00.000Z" }] });
  await asked;
  expect(model.rooms.value.get("room")?.get("bob")).toEqual({ seq: 7, joined_at: "2026-01-01T00:00:00.000Z" });
});
