import { afterEach, beforeEach, expect, test } from "bun:test";
import { earOf } from "../testing/ear.ts";
import { refusalOf } from "../testing/refusals.ts";
import { draftFor, type World, world } from "../testing/world.ts";
import { pageMessages, postMessage } from "./messages.ts";
import { getMe, getUser, listUsers, patchMe } from "./users.ts";

let here: World;
beforeEach(async () => void (here = await world()));
afterEach(() => here.dispose());

const inMs = (ms: number): string => new Date(here.clock.now() + ms).toISOString();
const HOUR_MS = 3_600_000;

test("a status is seen by everybody who may know of its owner, until it ends; nobody is told one that has ended", async () => {
  const { chat, ann, bob, mallory, room, clock } = here;
  const until = inMs(HOUR_MS);
  const status = { emoji: "🌴", text: "on the quay", until };
  expect((await patchMe(chat, bob, { status })).status).toEqual(status);
  await postMessage(chat, bob, draftFor(room, "hello"));
  const seen = async () => [
    (await getUser(chat, ann, { user_id: bob.user_id })).status,
    (await listUsers(chat, ann, { q: "bob" })).items[0]?.status,
    (await pageMessages(chat, ann, { room_id: room.id })).users[0]?.status,
    (await getMe(chat, bob)).status,
  ];
  expect(await seen()).toEqual([status, status, status, status]);
  expect(await refusalOf(getUser(chat, mallory, { user_id: bob.user_id }))).toBe("not_found");
  clock.advance(HOUR_MS - 1);
  expect(await seen()).toEqual([status, status, status, status]);
  clock.advance(1);
  expect(await seen()).toEqual([undefined, undefined, undefined, undefined]);
});

test("a post tells its sender as they are then, though what they may do is kept in memory", async () => {
  const { chat, bob, room, clock } = here;
  const ear = earOf(chat);
  const sender = () => ear.rows.findLast((row) => row.type === "message")?.user.status?.text;
  await patchMe(chat, bob, { status: { text: "back at four", until: inMs(HOUR_MS) } });
  for (const content of ["one", "two"]) await postMessage(chat, bob, draftFor(room, content));
  expect(sender()).toBe("back at four");
  clock.advance(HOUR_MS);
  await postMessage(chat, bob, draftFor(room, "three"));
  expect(sender()).toBeUndefined();
});

test("the rooms of its owner hear of it by the road of a new name, also that it was cleared; one without an end stays", async () => {
  const { chat, bob, room, clock } = here;
  const ear = earOf(chat);
  const told = () =>
    ear.notices.flatMap((notice) =>
      "frame" in notice && notice.frame.type === "user" && "room_id" in notice.to ? [[notice.to.room_id, notice.frame.user.status]] : [],
    );
  await patchMe(chat, bob, { status: { emoji: "☕" } });
  clock.advance(400 * 24 * HOUR_MS);
  expect((await getMe(chat, bob)).status).toEqual({ emoji: "☕" });
  await patchMe(chat, bob, { status: null });
  expect(told()).toEqual([
    [room.id, { emoji: "☕" }],
    [room.id, undefined],
  ]);
  expect((await getMe(chat, bob)).status).toBeUndefined();
});

test("a name that is changed leaves the status alone, and a status the name", async () => {
  const { chat, bob } = here;
  await patchMe(chat, bob, { status: { text: "here" } });
  expect(await patchMe(chat, bob, { display_name: "Bob" })).toMatchObject({ display_name: "Bob", status: { text: "here" } });
  expect(await patchMe(chat, bob, { status: { text: "there" } })).toMatchObject({ display_name: "Bob", status: { text: "there" } });
});

test("what is no status is refused by its field and changes nothing", async () => {
  const { chat, bob } = here;
  await patchMe(chat, bob, { status: { text: "here" } });
  const refused = [
    { emoji: "ab" },
    { emoji: "🌴🌴" },
    { text: "x".repeat(101) },
    { text: "two\nlines" },
    { text: "\ud800" },
    { text: "late", until: inMs(0) },
    { until: inMs(HOUR_MS) },
    { text: "  " },
    {},
  ];
  for (const status of refused) expect([status, await refusalOf(patchMe(chat, bob, { status }))]).toEqual([status, "invalid"]);
  expect((await getMe(chat, bob)).status).toEqual({ text: "here" });
  for (const status of [{ text: "🌴".repeat(100) }, { emoji: "👨‍👩‍👧" }, { emoji: "❤" }])
    expect(await refusalOf(patchMe(chat, bob, { status }))).toBe("not refused");
});

test("a person's own devices hear what another of them has set, and nobody else does", async () => {
  const { chat, bob } = here;
  const ear = earOf(chat);
  await patchMe(chat, bob, { settings: { sound: true } });
  const told = ear.notices.filter((notice) => "frame" in notice && notice.frame.type === "user");
  expect(told).toMatchObject([{ to: { user_id: bob.user_id }, frame: { settings: { sound: true } } }]);
});
