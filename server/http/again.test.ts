/** What is asked again: on SQLite it is answered without a question while nothing has been committed, and on both databases never otherwise than by the route. */
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { eq } from "drizzle-orm";
import { openStore } from "../../db/open.ts";
import { acknowledge, markUnread } from "../chat/acks.ts";
import { removeMember } from "../chat/membership.ts";
import { editMessage, pageMessages, postMessage, removeMessage } from "../chat/messages.ts";
import type { Principal } from "../chat/principal.ts";
import { createRoom, listRooms, patchRoom } from "../chat/rooms.ts";
import { patchMe } from "../chat/users.ts";
import type { Message, Room } from "../protocol.ts";
import { type TestStore, testStore } from "../testing/store.ts";
import { type Answer, answerOf, type OpenDoor, openDoor, tokenOf } from "../testing/visitor.ts";
import { draftFor, type World, world } from "../testing/world.ts";

let opened: TestStore;
let here: World;
let open: OpenDoor;
let online: number;
let questions: number;
beforeEach(async () => {
  opened = await testStore();
  online = 0;
  here = await world({ opened, sessions: { statusOf: () => "offline", hears: () => false, online: () => online } });
  open = openDoor(here, { config: { requests: { per_second: 1_000, burst: 1_000 } } });
  const { read } = here.chat.store;
  const ask: typeof read.ask = read.ask.bind(read);
  questions = 0;
  Object.assign(read, {
    ask: (...given: Parameters<typeof ask>) => {
      questions += 1;
      return ask(...given);
    },
  });
});
afterEach(() => here.dispose());

const asks = (token: string, path: string, headers: Record<string, string> = {}, from: OpenDoor = open): Promise<Answer> =>
  Promise.resolve(
    from.app.handle(new Request(`http://localhost:3000/api/v1${path}`, { headers: { authorization: `Bearer ${token}`, ...headers } })),
  ).then(answerOf);
const tokenFor = (who: Principal): Promise<string> => tokenOf(open, who);
/** How many questions it cost. */
const costOf = async (asking: () => Promise<Answer>): Promise<number> => {
  const before = questions;
  expect((await asking()).status).toBe(200);
  return questions - before;
};
const pathsIn = ({ id }: Room): string[] => ["/rooms", ...["", "?before_seq=2", "?limit=1"].map((query) => `/rooms/${id}/messages${query}`)];
const stored = (posted: { message: Message | Pick<Message, "id" | "seq"> }): Message =>
  "content" in posted.message ? posted.message : expect.unreachable();

test("asked again, it is answered in the same words under the same headers, without a question where the store tells moments", async () => {
  const { chat, ann, room } = here;
  await postMessage(chat, ann, draftFor(room, "one"));
  const token = await tokenFor(ann);
  for (const path of pathsIn(room)) {
    const [first, second] = [await asks(token, path), await asks(token, path)];
    expect(second.text).toBe(first.text);
    const told = ({ headers }: Answer) =>
      Object.fromEntries([...headers].filter(([name]) => !["x-request-id", "ratelimit-remaining"].includes(name)));
    expect(told(second)).toEqual(told(first));
    expect(second.headers.get("x-request-id")).not.toBe(first.headers.get("x-request-id"));
    expect((await costOf(() => asks(token, path))) === 0).toBe(chat.store.moment !== undefined);
  }
});

test("whatever is changed is told to whoever asks next", async () => {
  const { chat, ann, bob, cy, room } = here;
  const first = stored(await postMessage(chat, ann, draftFor(room, "first")));
  const place = { room_id: room.id, message_id: first.id };
  const { room: pair } = await createRoom(chat, ann, { type: "dm", user_ids: [bob.user_id] });
  const changes: Record<string, () => Promise<unknown>> = {
    "a post": () => postMessage(chat, bob, draftFor(room, "second")),
    "a mention": () => postMessage(chat, bob, draftFor(room, "@ann third")),
    "an ack": () => acknowledge(chat, ann, { room_id: room.id, seq: 3 }),
    "a mark": () => markUnread(chat, ann, { room_id: room.id, seq: 2 }),
    "an edit": () => editMessage(chat, ann, { ...place, content: "first, in other words" }),
    "a removal": () => removeMessage(chat, ann, place),
    "a room's name": () => patchRoom(chat, ann, { room_id: room.id, name: "pier" }),
    "a room's metadata": () => patchRoom(chat, ann, { room_id: room.id, metadata: { colour: "blue" } }),
    "a new room": () => createRoom(chat, cy, { type: "group", user_ids: [ann.user_id] }),
    "a post in the dm": () => postMessage(chat, bob, draftFor(pair, "psst")),
    "who is here": async () => void (online = 2),
    "a status": () => patchMe(chat, bob, { status: { emoji: "🌴", until: new Date(chat.now() + 5_000).toISOString() } }),
    "the end of a status": async () => here.clock.advance(5_000),
  };
  const token = await tokenFor(ann);
  const paths = pathsIn(room).slice(0, 2);
  const verbs = [() => listRooms(chat, ann), () => pageMessages(chat, ann, { room_id: room.id })];
  for (const [what, change] of Object.entries(changes)) {
    const before: string[] = [];
    for (const path of paths) before.push((await asks(token, path)).text);
    await change();
    const texts = await Promise.all(paths.map(async (path) => (await asks(token, path)).text));
    expect([what, ...texts]).toEqual([what, ...(await Promise.all(verbs.map(async (verb) => JSON.stringify(await verb()))))]);
    expect([what, Bun.deepEquals(before, texts)]).toEqual([what, false]);
  }
});

test("what another process commits is told to whoever asks next", async () => {
  const { ann, room } = here;
  const token = await tokenFor(ann);
  for (const path of ["/rooms", "/rooms"]) await asks(token, path);
  const other = await openStore(opened.url, { postgres: { pool: 1, allow_unsafe_durability: true } });
  try {
    await other.write((tx) => tx.update(other.t.rooms).set({ description: "by another process" }));
    expect((await asks(token, "/rooms")).text).toContain("by another process");
  } finally {
    await other.close();
  }
  expect(room.description).toBe("");
});

describe("it is nobody else's:", () => {
  test("each is told what is theirs, and who is put out is told nothing", async () => {
    const { chat, ann, bob, mallory, room } = here;
    const page = `/rooms/${room.id}/messages`;
    const [anns, bobs, others] = await Promise.all([ann, bob, mallory].map(tokenFor));
    for (let again = 0; again < 2; again += 1) {
      expect((await asks(anns ?? "", page)).status).toBe(200);
      expect((await asks(bobs ?? "", page)).status).toBe(200);
      expect((await asks(others ?? "", page)).status).toBe(404);
      expect((await asks(anns ?? "", "/rooms")).body.items[0].me.role).toBe("owner");
      expect((await asks(bobs ?? "", "/rooms")).body.items[0].me.role).toBe("member");
      expect((await asks(others ?? "", "/rooms")).body.items).toEqual([]);
    }
    await removeMember(chat, ann, { room_id: room.id, user_id: bob.user_id });
    expect((await asks(bobs ?? "", page)).status).toBe(404);
    expect((await asks(bobs ?? "", "/rooms")).body.items).toEqual([]);
    expect((await asks(anns ?? "", page)).status).toBe(200);
    expect((await asks(bobs ?? "", page)).status).toBe(404);
  });

  test("a sign-in that has ended, was idle too long, or whose token has expired opens nothing", async () => {
    const { chat, ann, bob } = here;
    const { sign_ins } = chat.store.t;
    const [anns, bobs] = [await tokenFor(ann), await tokenFor(bob)];
    for (let again = 0; again < 2; again += 1) expect([(await asks(anns, "/rooms")).status, (await asks(bobs, "/rooms")).status]).toEqual([200, 200]);
    await chat.store.write((tx) => tx.update(sign_ins).set({ ended_at: chat.now() }));
    expect((await asks(anns, "/rooms")).status).toBe(401);
    const idle_since = chat.now() - chat.config.refresh_idle_ms;
    await chat.store.write((tx) => tx.update(sign_ins).set({ ended_at: null, seen_at: idle_since + 1_000 }));
    for (let again = 0; again < 2; again += 1) expect((await asks(anns, "/rooms")).status).toBe(200);
    here.clock.advance(1_000); // nothing is committed by that
    expect((await asks(anns, "/rooms")).status).toBe(401);
    await chat.store.write((tx) => tx.update(sign_ins).set({ seen_at: chat.now() }));
    const short = await tokenOf(open, bob, 2);
    for (let again = 0; again < 2; again += 1) expect((await asks(short, "/rooms")).status).toBe(200);
    here.clock.advance(2_001);
    expect((await asks(short, "/rooms")).status).toBe(401);
  });

  test("a sign-in that has ended opens nothing of what another one of the same person was told since", async () => {
    const { chat, ann } = here;
    const { sign_ins } = chat.store.t;
    const [row = expect.unreachable()] = await chat.store.read.select().from(sign_ins).where(eq(sign_ins.user_id, ann.user_id));
    await chat.store.write((tx) => tx.insert(sign_ins).values({ ...row, id: "another" }));
    const [one, another] = [await tokenFor(ann), await tokenFor({ ...ann, via: { sign_in_id: "another" } })];
    for (const token of [one, another, one, another]) expect((await asks(token, "/rooms")).status).toBe(200);
    await chat.store.write((tx) => tx.update(sign_ins).set({ ended_at: chat.now() }).where(eq(sign_ins.id, "another")));
    for (let again = 0; again < 2; again += 1) expect((await asks(one, "/rooms")).status).toBe(200);
    expect((await asks(another, "/rooms")).status).toBe(401);
  });
});

describe("all else happens as ever:", () => {
  test("it counts in the limits and in the numbers", async () => {
    const { ann } = here;
    const tight = openDoor(here, { config: { requests: { per_second: 1, burst: 5 } } });
    const token = await tokenOf(tight, ann);
    const left: (string | null)[] = [];
    for (let i = 0; i < 5; i += 1) left.push((await asks(token, "/rooms", {}, tight)).headers.get("ratelimit-remaining"));
    expect(left).toEqual(["4", "3", "2", "1", "0"]);
    const refused = await asks(token, "/rooms", {}, tight);
    expect([refused.status, refused.headers.get("ratelimit-remaining"), refused.headers.get("retry-after")]).toEqual([429, "0", "1"]);
    await Bun.sleep(0); // Elysia counts after it has answered
    expect(await tight.door.metrics.text()).toContain('http_requests_total{method="GET",route="/api/v1/rooms",status="200"} 5');
  });

  test("what the workspace's limit refuses costs the person one, as ever", async () => {
    const { ann, bob } = here;
    const tight = openDoor(here, { config: { requests: { per_second: 0.001, burst: 5 }, requests_by_tenant: { per_second: 1, burst: 4 } } });
    const [anns, bobs] = [await tokenOf(tight, ann), await tokenOf(tight, bob)];
    for (let i = 0; i < 3; i += 1) expect((await asks(anns, "/rooms", {}, tight)).status).toBe(200);
    expect((await asks(bobs, "/rooms", {}, tight)).status).toBe(200);
    expect((await asks(anns, "/rooms", {}, tight)).status).toBe(429);
    here.clock.advance(1_000);
    expect((await asks(anns, "/rooms", {}, tight)).status).toBe(200); // her fifth
  });

  test("a foreign host or page, a key beside the token, and a server that stops are answered by the route", async () => {
    const { ann } = here;
    const token = await tokenFor(ann);
    const otherwise = async (headers: Record<string, string>): Promise<number> => {
      for (let again = 0; again < 2; again += 1) expect((await asks(token, "/rooms")).status).toBe(200); // a refusal may have been written down
      return (await asks(token, "/rooms", headers)).status;
    };
    expect(await otherwise({ host: "evil.example.com" })).toBe(421);
    expect(await otherwise({ origin: "https://evil.example.com" })).toBe(403);
    expect(await otherwise({ "x-api-key": "snug_nothing" })).toBe(422);
    expect(await otherwise({ authorization: `Bearer ${token}x` })).toBe(401);
    expect(await otherwise({})).toBe(200);
    Object.assign(open.door.live, { draining: true });
    expect((await asks(token, "/rooms")).status).toBe(503);
  });

  test("a database that is away is told of by the route", async () => {
    const { chat, ann } = here;
    const token = await tokenFor(ann);
    for (let again = 0; again < 2; again += 1) expect((await asks(token, "/rooms")).status).toBe(200);
    await chat.store.close();
    const answer = await asks(token, "/rooms");
    expect([answer.status, answer.body.error.code]).toEqual([503, "unavailable"]);
  });

  test("a plugin that looks at requests sees each of them", async () => {
    const { ann } = here;
    let seen = 0;
    const looking = openDoor(here, { plugins: [{ name: "looker", request: () => void (seen += 1) }] });
    const token = await tokenOf(looking, ann);
    for (let i = 0; i < 3; i += 1) expect((await asks(token, "/rooms", {}, looking)).status).toBe(200);
    expect(seen).toBe(3);
  });
});
