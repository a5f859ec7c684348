/** Sockets that came by an API key: by the key itself, by a token that it minted, by a ticket of either. Whatever ends the key ends them. */
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { revokeApiKey, rotateApiKey } from "../chat/api-keys.ts";
import { patchUser } from "../chat/users.ts";
import { postMessage } from "../chat/messages.ts";
import { type Doors, openDoors } from "../testing/doors.ts";
import { byKey, keyBy, type MadeKey, serverOf } from "../testing/keys.ts";
import { dialRaw, type RawSocket } from "../testing/raw-socket.ts";
import { answerOf, visit } from "../testing/visitor.ts";
import { draftFor, type World, world } from "../testing/world.ts";

let here: World;
let doors: Doors;
let bob: string;
beforeEach(async () => {
  here = await world();
  doors = await openDoors(here);
  bob = here.bob.user_id;
});
afterEach(async () => {
  await doors.stop();
  await here.dispose();
});

const minted = async (key: MadeKey, ttl_seconds = 3_600): Promise<string> =>
  (await serverOf(doors.open, key)("POST", "/auth/tokens", { user_id: bob, ttl_seconds })).body.access_token;
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const ticketBy = async (headers: Record<string, string>) => {
  const { body } = await visit(doors.open, null).post("/ws/tickets", {}, headers);
  return { "sec-websocket-protocol": `snug.v1, ticket.${body.ticket}` };
};
/** Each road to a socket that a key opens. */
const roads: Record<string, (key: MadeKey) => Promise<Record<string, string>>> = {
  "the key itself": async (key) => byKey(key, bob),
  "a minted token": async (key) => bearer(await minted(key)),
  "a ticket of the key": async (key) => ticketBy(byKey(key, bob)),
  "a ticket of a minted token": async (key) => ticketBy(bearer(await minted(key))),
};
const socketBy = async (headers: Record<string, string>): Promise<RawSocket> => {
  const socket = await dialRaw(doors.port, headers);
  if (typeof socket === "string") throw new Error(socket);
  return socket;
};
const refusedWith = async (headers: Record<string, string>): Promise<string> => {
  const answer = await dialRaw(doors.port, headers);
  return typeof answer === "string" ? answer.slice(0, "HTTP/1.1 401".length) : "a socket";
};
const isOpen = async (socket: RawSocket) => (await socket.exchange({ type: "ping", id: "still" })).some((text) => text.includes('"pong"'));
const socketsBy = async (key: MadeKey) => Promise.all(Object.values(roads).map(async (road) => socketBy(await road(key))));
const codesOf = (sockets: readonly RawSocket[]) => Promise.all(sockets.map(({ closing }) => closing));
const all = (code: number) => Object.keys(roads).map(() => code);

test("each road opens a socket of the user, which hears their rooms and says what they say", async () => {
  const key = await keyBy(here.chat, here.ann);
  for (const socket of await socketsBy(key)) {
    const answers = await socket.exchange({ type: "message", id: "one", ...draftFor(here.room, "by a key") });
    expect(answers.join()).toContain(`"sender_id":"${bob}"`);
  }
});

describe("whatever ends a key ends its sockets, by bell or by the look, and no other's:", () => {
  const ends: Record<string, (key: MadeKey) => Promise<unknown>> = {
    revoked: (key) => revokeApiKey(here.chat, here.ann, { key_id: key.id }),
    rotated: (key) => rotateApiKey(here.chat, here.ann, { key_id: key.id }),
  };
  for (const [how, end] of Object.entries(ends)) {
    for (const heard of ["with its bell", "when no bell came"]) {
      test(`${how}, ${heard}`, async () => {
        const [key, other] = [await keyBy(here.chat, here.ann), await keyBy(here.chat, here.ann)];
        const [sockets, others] = [await socketsBy(key), await socketsBy(other)];
        const own = await doors.socketOf(here.bob);
        const token = await minted(key);
        await doors.live.look();
        if (heard === "when no bell came") here.chat.backplane.ringUser = () => {};
        await end(key);
        if (heard === "when no bell came") await doors.live.look();
        expect(await codesOf(sockets)).toEqual(all(4201));
        for (const socket of [...others, own]) expect(await isOpen(socket)).toBe(true);
        expect((await serverOf(doors.open, key, bob)("GET", "/me")).status).toBe(401);
        expect((await visit(doors.open, null).get("/me", undefined, bearer(token))).status).toBe(401);
        expect((await visit(doors.open, null).get("/me", undefined, bearer(await minted(other)))).status).toBe(200);
        for (const headers of [byKey(key, bob), bearer(token)]) expect(await refusedWith(headers)).toContain("401");
      });
    }
  }

  test("run out, a rotated one's time too", async () => {
    const [brief, rotated] = [await keyBy(here.chat, here.ann, { expires_in_seconds: 60 }), await keyBy(here.chat, here.ann)];
    const sockets = [...(await socketsBy(brief)), ...(await socketsBy(rotated))];
    await doors.live.look(); // bob's own rights are known: nothing but the key changes from here on
    const renewed = await rotateApiKey(here.chat, here.ann, { key_id: rotated.id, old_holds_seconds: 60 });
    const after = await socketsBy({ ...renewed, key: renewed.key ?? "" });
    here.clock.advance(59_000);
    await doors.live.look();
    for (const socket of [...sockets, ...after]) expect(await isOpen(socket)).toBe(true);
    here.clock.advance(1_000);
    await doors.live.look();
    expect(await codesOf(sockets)).toEqual([...all(4201), ...all(4201)]);
    for (const socket of after) expect(await isOpen(socket)).toBe(true);
  });

  test("and a user who is disabled loses theirs, with the reason", async () => {
    const sockets = await socketsBy(await keyBy(here.chat, here.ann));
    for (const socket of sockets) expect(await isOpen(socket)).toBe(true);
    await patchUser(here.chat, here.ann, { user_id: bob, disabled: true });
    expect(await codesOf(sockets)).toEqual(all(4202));
  });

  test("a ticket that was asked for before the end opens nothing after it", async () => {
    const [key, other] = [await keyBy(here.chat, here.ann), await keyBy(here.chat, here.ann)];
    const [late, alive] = [await ticketBy(byKey(key, bob)), await ticketBy(byKey(other, bob))];
    await revokeApiKey(here.chat, here.ann, { key_id: key.id });
    expect(await refusedWith(late)).toContain("401");
    expect(await isOpen(await socketBy(alive))).toBe(true);
  });
});

test("a minted token that runs out closes its sockets with 4101, those of its tickets too, and not its key's", async () => {
  const key = await keyBy(here.chat, here.ann);
  const token = await minted(key, 60);
  const [byToken, byTicket] = [await socketBy(bearer(token)), await socketBy(await ticketBy(bearer(token)))];
  const [longer, byItself] = [await socketBy(bearer(await minted(key, 61))), await socketBy(byKey(key, bob))];
  const rest = Math.ceil(here.clock.now() / 1_000) * 1_000 - here.clock.now(); // a token's life is counted in whole seconds
  here.clock.advance(59_000 - rest);
  await doors.live.look();
  for (const socket of [byToken, byTicket]) expect(await isOpen(socket)).toBe(true);
  here.clock.advance(1_000 + rest);
  await doors.live.look();
  expect(await codesOf([byToken, byTicket])).toEqual([4101, 4101]);
  for (const socket of [longer, byItself]) expect(await isOpen(socket)).toBe(true);
  expect((await visit(doors.open, null).get("/me", undefined, bearer(token))).status).toBe(401);
});

test("no page opens a socket by a key, and no key opens one for nobody or from the address", async () => {
  const key = await keyBy(here.chat, here.ann);
  const page = { origin: `http://127.0.0.1:${doors.port}` };
  expect(await isOpen(await socketBy(byKey(key, bob)))).toBe(true);
  expect(await refusedWith({ ...byKey(key, bob), ...page })).toContain("401");
  expect(await refusedWith({ ...byKey(key, bob), "sec-fetch-site": "none" })).toContain("403");
  expect(await refusedWith(byKey(key))).toContain("422");
  expect(await refusedWith({ ...bearer(await minted(key)), ...page })).toContain("401");
  const url = `http://127.0.0.1:${doors.port}/ws?api_key=${key.key}`;
  const inAddress = await answerOf(await doors.open.app.handle(new Request(url, { headers: { upgrade: "websocket" } })));
  expect([inAddress.status, inAddress.body.error.fields[0]]).toEqual([422, expect.stringContaining("tickets")]);
});

test("a key that only reads hears all and says nothing: it syncs and pings", async () => {
  const [reading, writing] = [await keyBy(here.chat, here.ann, { scope: "read" }), await keyBy(here.chat, here.ann)];
  const [deaf, loud] = [await socketBy(byKey(reading, bob)), await socketBy(byKey(writing, bob))];
  for (const socket of [deaf, loud]) await socket.exchange({ type: "sync", id: "sync", rooms: [] });
  const { message } = await postMessage(here.chat, here.bob, draftFor(here.room, "before"));
  const place = { room_id: here.room.id, message_id: message.id };
  const frames = [
    { type: "edit", id: "5", ...place, content: "after" },
    { type: "remove", id: "6", ...place },
    { type: "message", id: "1", ...draftFor(here.room, "said") },
    { type: "typing", id: "2", room_id: here.room.id, is_typing: true },
    { type: "ack", id: "3", room_id: here.room.id, seq: 0 },
    { type: "presence", id: "4", status: "away" },
  ];
  for (const frame of frames) {
    expect((await deaf.exchange(frame)).join()).toContain('"code":"forbidden"');
    expect((await loud.exchange(frame)).join()).toContain('"type":"ok"');
  }
  await deaf.until("said");
});
