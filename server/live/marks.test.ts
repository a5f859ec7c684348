import { afterEach, beforeEach, expect, test } from "bun:test";
import { acknowledge, markUnread, unmark } from "../chat/acks.ts";
import { draftFor } from "../testing/world.ts";
import { postMessage } from "../chat/messages.ts";
import { type House, house, type Seat } from "../testing/seat.ts";

let here: House;
beforeEach(async () => void (here = await house()));
afterEach(async () => {
  expect(here.faults).toEqual([]);
  await here.dispose();
});

/** What this socket was last told of the room's being mine. */
const told = async (seat: Seat): Promise<unknown> => {
  await seat.heard("pong");
  const rooms = seat.frames.flatMap((frame) => (frame.type === "room" && frame.room.me ? [frame.room.me] : []));
  return rooms.map(({ marked_seq, unread }) => [marked_seq, unread]);
};

test("a mark, and that it is gone, is told to every socket of its owner with what is unread by it, and to nobody else", async () => {
  const { chat, ann, bob, room } = here;
  for (const content of ["1", "2", "3"]) await postMessage(chat, ann, draftFor(room, content));
  await acknowledge(chat, bob, { room_id: room.id, seq: 3 });
  const [tab, phone, other] = [await here.seat(bob), await here.seat(bob), await here.seat(ann)];
  const isTold = (seat: Seat, count: number) => seat.when(() => seat.frames.filter(({ type }) => type === "room").length >= count);
  await markUnread(chat, bob, { room_id: room.id, seq: 2 });
  for (const seat of [tab, phone]) await isTold(seat, 1);
  await unmark(chat, bob, { room_id: room.id });
  for (const seat of [tab, phone]) await isTold(seat, 2);
  await markUnread(chat, bob, { room_id: room.id, seq: 1 });
  for (const seat of [tab, phone]) await isTold(seat, 3);
  await postMessage(chat, ann, draftFor(room, "4"));
  await acknowledge(chat, bob, { room_id: room.id, seq: 4 });
  for (const seat of [tab, phone]) await isTold(seat, 4);
  const whole = [
    [2, 2],
    [undefined, 0],
    [1, 3],
    [undefined, 0],
  ];
  expect([await told(tab), await told(phone), await told(other)]).toEqual([whole, whole, []]);
});
