/** The first seed's dialect, dialled as its clients dial: a ticket for a room, the room in the address, `chatroom.v1` beside the ticket. */
import { afterEach, beforeEach, describe, expect, spyOn, test } from "bun:test";
import { Value } from "@sinclair/typebox/value";
import { addMember, removeMember, setMemberRole } from "../chat/membership.ts";
import { editMessage, pageMessages, postMessage, removeMessage } from "../chat/messages.ts";
import type { Principal } from "../chat/principal.ts";
import { archiveRoom, createRoom, patchRoom } from "../chat/rooms.ts";
import { endSignIn } from "../chat/sign-ins.ts";
import { issueTicket } from "../chat/tickets.ts";
import { ChatroomServerFrame } from "../protocol/dialects.ts";
import { type Doors, openDoors } from "../testing/doors.ts";
import { holdRead } from "../testing/gate.ts";
import { visit } from "../testing/visitor.ts";
import { draftFor, type World, world } from "../testing/world.ts";

let here: World;
let doors: Doors;
beforeEach(async () => {
  here = await world();
  doors = await openDoors(here);
});
afterEach(async () => {
  expect(here.faults).toEqual([]);
  await doors.stop();
  await here.dispose();
});

type Heard = ChatroomServerFrame;
type Chair = {
  protocol: string;
  say(frame: unknown): void;
  /** Resolves when so many frames of this type have come, with all of them; a fence stands behind them. */
  heard(type: Heard["type"], least?: number): Promise<Heard[]>;
  until(type: Heard["type"], least: number): Promise<void>;
  closed: Promise<number>;
  close(): Promise<number>;
};

async function chair(who: Principal, room_id = here.room.id): Promise<Chair> {
  const { ticket } = await issueTicket(here.chat, who, { room_id, origin: null });
  const socket = new WebSocket(`ws://127.0.0.1:${doors.port}/ws?room_id=${room_id}`, ["chatroom.v1", `ticket.${ticket}`]);
  const frames: Heard[] = [];
  let pongs = 0;
  let wake = (): void => {};
  const until = async (met: () => boolean): Promise<void> => {
    while (!met()) await new Promise<void>((resolve) => (wake = resolve));
  };
  socket.onmessage = ({ data }) => {
    const frame: Heard = JSON.parse(String(data));
    expect([String(data), [...Value.Errors(ChatroomServerFrame, frame)].length]).toEqual([String(data), 0]);
    frames.push(frame);
    wake();
  };
  const { promise: closed, resolve } = Promise.withResolvers<number>();
  socket.onclose = ({ code }) => resolve(code);
  await new Promise((opened) => (socket.onopen = opened));
  const say = (frame: unknown): void => socket.send(typeof frame === "string" ? frame : JSON.stringify(frame));
  const of = (type: Heard["type"]) => frames.filter((frame) => frame.type === type);
  const fence = async (): Promise<void> => {
    pongs += 1;
    say({ type: "ping" });
    await until(() => of("pong").length >= pongs);
  };
  await fence();
  return {
    protocol: socket.protocol,
    say,
    async heard(type, least = 0) {
      await until(() => of(type).length >= least);
      await fence();
      return type === "pong" ? [] : of(type);
    },
    until: (type, least) => until(() => of(type).length >= least),
    closed,
    close: () => {
      socket.close();
      return closed;
    },
  };
}

const someone = ({ user_id }: Principal) => ({ room_id: here.room.id, user_id, username: user_id.replace("-id", "") });

describe("a socket of the first seed's dialect", () => {
  test("is told so, hears what is said in its room in its own words, and is heard by everybody", async () => {
    const { chat, ann, bob, room } = here;
    await postMessage(chat, ann, draftFor(room, "before"));
    const chatroom = await chair(bob);
    const ours = await doors.socketOf(ann);
    await ours.exchange({ type: "sync", id: "all", rooms: [] });
    expect(chatroom.protocol).toBe("chatroom.v1");
    chatroom.say({ type: "message", content: "hello", room_id: "whatever" });
    await chatroom.heard("message", 1);
    await postMessage(chat, ann, draftFor(room, "hello bob"));
    expect(await chatroom.heard("message", 2)).toEqual([
      { type: "message", id: expect.any(String), ...someone(bob), content: "hello", created_at: expect.any(String) },
      { type: "message", id: expect.any(String), ...someone(ann), content: "hello bob", created_at: expect.any(String) },
    ]);
    await ours.until('"content":"hello"');
    expect((await pageMessages(chat, ann, { room_id: room.id })).items.map(({ content }) => content)).toEqual(["before", "hello", "hello bob"]);
    ours.destroy();
  });

  test("costs no reading of its own: what its room is told is read once for all who speak the dialect there", async () => {
    const { chat, ann, bob, room } = here;
    const chairs = [await chair(bob), await chair(bob), await chair(ann)];
    const reading = spyOn(JSON, "parse");
    try {
      await postMessage(chat, ann, draftFor(room, "read once"));
      for (const one of chairs) await one.until("message", 1);
      const ours = reading.mock.calls.filter(([text]) => text.startsWith('{"type":"message","message":{') && text.includes("read once"));
      expect(ours.length).toBe(1);
    } finally {
      reading.mockRestore();
    }
    for (const one of chairs) expect((await one.heard("message")).length).toBe(1);
  });

  test("is told of each message once: neither an edit nor a removal has a word there", async () => {
    const { chat, ann, bob, room } = here;
    const { message: old } = await postMessage(chat, ann, draftFor(room, "old"));
    const chatroom = await chair(bob);
    const mend = ({ id }: { id: string }) => editMessage(chat, ann, { room_id: room.id, message_id: id, content: "mended" });
    await mend(old);
    const { message } = await postMessage(chat, ann, draftFor(room, "new"));
    await mend(message);
    await removeMessage(chat, ann, { room_id: room.id, message_id: message.id });
    await postMessage(chat, ann, draftFor(room, "last"));
    expect(await chatroom.heard("message", 2)).toMatchObject([{ content: "new" }, { content: "last" }]);
  });

  test("hears what is said from the moment it was asked for, however long it takes to begin", async () => {
    const { chat, ann, bob, room } = here;
    const redeeming = holdRead(chat, "sign_ins");
    const dialling = chair(bob);
    await redeeming.reached;
    const greeting = holdRead(chat, "sign_ins"); // its right is asked once more before it is greeted
    redeeming.open();
    await greeting.reached;
    await postMessage(chat, ann, draftFor(room, "while it opens"));
    greeting.open();
    const chatroom = await dialling;
    expect(await chatroom.heard("message", 1)).toMatchObject([{ content: "while it opens" }]);
  });

  test("hears who comes and goes, and how many are then here", async () => {
    const { chat, ann, bob, cy, room } = here;
    const chatroom = await chair(bob);
    await doors.live.beat();
    const anns = await chair(ann);
    await doors.live.beat();
    expect(await chatroom.heard("join", 1)).toEqual([{ type: "join", ...someone(ann), online: 2 }]);
    const guest = await doors.socketOf(cy);
    await doors.live.beat();
    await addMember(chat, ann, { room_id: room.id, user_id: cy.user_id });
    expect((await chatroom.heard("join", 2))[1]).toEqual({ type: "join", ...someone(cy), online: 3 });
    here.clock.advance(60_000);
    await guest.exchange({ type: "ping", id: "here" });
    await anns.heard("pong");
    await setMemberRole(chat, ann, { room_id: room.id, user_id: cy.user_id, role: "admin" });
    await removeMember(chat, ann, { room_id: room.id, user_id: cy.user_id });
    expect(await chatroom.heard("leave", 1)).toEqual([{ type: "leave", ...someone(cy), online: 2 }]);
    await anns.close();
    await doors.live.beat();
    here.clock.advance(5_000);
    await doors.live.beat();
    expect((await chatroom.heard("leave", 2))[1]).toEqual({ type: "leave", ...someone(ann), online: 1 });
    expect(await chatroom.heard("join")).toHaveLength(2);
    guest.destroy();
  });

  test("says that its person types, and hears it of others", async () => {
    const { ann, bob } = here;
    const [anns, bobs] = [await chair(ann), await chair(bob)];
    anns.say({ type: "typing" });
    anns.say({ type: "typing", is_typing: false });
    expect((await bobs.heard("typing", 2)).map((frame) => "is_typing" in frame && frame.is_typing)).toEqual([true, false]);
    expect((await bobs.heard("typing"))[0]).toEqual({ type: "typing", ...someone(ann), is_typing: true });
  });

  test("is refused by the same codes as the frames of ours that it stands for, in its own words", async () => {
    const { chat, ann, bob, room } = here;
    const chatroom = await chair(bob);
    const codes: unknown[] = [];
    for (const frame of [
      { type: "message", content: "x".repeat(4_001) },
      { type: "message", content: " " },
      { type: "message" },
      { type: "message", content: "again", client_id: "short" },
      { type: "typing", is_typing: "yes" },
      { type: "edit", content: "mine" },
      { type: "sync", rooms: [] },
      "no json",
      [],
      `{"type":"ping","deep":${"[".repeat(17)}${"]".repeat(17)}}`,
    ]) {
      chatroom.say(frame);
      const errors = await chatroom.heard("error", codes.length + 1);
      const [last] = errors.slice(-1);
      codes.push(last?.type === "error" && last.code);
      expect(last).toEqual({ type: "error", content: expect.any(String), code: expect.any(String), retry: false });
    }
    const bad = ["bad_request", "bad_request", "bad_request", "bad_request", "bad_request"];
    expect(codes).toEqual(["too_large", "invalid", "invalid", "invalid", "invalid", ...bad]);
    await patchRoom(chat, ann, { room_id: room.id, posting: "admins" });
    chatroom.say({ type: "message", content: "not for me" });
    expect((await chatroom.heard("error", codes.length + 1)).at(-1)).toMatchObject({ code: "forbidden" });
    codes.push("forbidden");
    await patchRoom(chat, ann, { room_id: room.id, posting: "everyone" });
    await archiveRoom(chat, ann, { room_id: room.id });
    chatroom.say({ type: "message", content: "too late" });
    expect((await chatroom.heard("error", codes.length + 1)).at(-1)).toMatchObject({ code: "archived" });
    expect((await pageMessages(chat, ann, { room_id: room.id })).items).toEqual([]);
  });

  test("may send as much as any, and no more", async () => {
    await doors.stop();
    doors = await openDoors(here, { frames: { per_second: 1, burst: 5 } });
    const chatroom = await chair(here.bob);
    for (let i = 0; i < 6; i += 1) chatroom.say({ type: "message", content: `${i}` });
    await chatroom.until("error", 2); // one of five was a ping
    here.clock.advance(5_000);
    const limited = { type: "error" as const, content: expect.any(String), code: "rate_limited", retry: true, retry_after_ms: 1_000 };
    expect(await chatroom.heard("error")).toEqual([limited, limited]);
    expect((await chatroom.heard("message", 4)).length).toBe(4);
  });

  test("whose person is put out of the room hears that they have left, and nothing more; what they say is refused", async () => {
    const { chat, ann, bob, room } = here;
    const [anns, bobs] = [await chair(ann), await chair(bob)];
    await postMessage(chat, ann, draftFor(room, "with bob"));
    await removeMember(chat, ann, { room_id: room.id, user_id: bob.user_id });
    await postMessage(chat, ann, draftFor(room, "without bob"));
    await anns.heard("message", 2);
    expect(await bobs.heard("leave", 1)).toEqual([{ type: "leave", ...someone(bob) }]);
    bobs.say({ type: "message", content: "let me in" });
    bobs.say({ type: "typing" });
    expect(await bobs.heard("error", 2)).toMatchObject([{ code: "not_found" }, { code: "not_found" }]);
    expect(await bobs.heard("message")).toMatchObject([{ content: "with bob" }]);
    expect(await anns.heard("message")).toHaveLength(2);
  });

  test("ends with the sign-in that asked for its ticket", async () => {
    const chatroom = await chair(here.bob);
    await endSignIn(here.chat, here.bob, { sign_in_id: here.bob.via.sign_in_id });
    expect(await chatroom.closed).toBe(4201);
  });
});

test("a room that is another's, or not the ticket's, is one that does not exist, and one that is not named is refused", async () => {
  const { chat, ann, bob, cy, mallory, room } = here;
  const { room: cell } = await createRoom(chat, ann, { type: "channel", name: "cell", visibility: "private", user_ids: [bob.user_id] });
  const dial = async (who: Principal, query: string, bound?: string): Promise<[number, string]> => {
    const { ticket } = await issueTicket(chat, who, { origin: null, ...(bound !== undefined && { room_id: bound }) });
    const headers = { upgrade: "websocket", "sec-websocket-protocol": `chatroom.v1, ticket.${ticket}` };
    const { status, body } = await visit(doors.open, null).ask("GET", `/ws${query}`, undefined, headers);
    return [status, body.error.code];
  };
  const upgraded: [number, string] = [400, "bad_request"]; // as far as one comes without a port
  expect(await dial(bob, `?room_id=${room.id}`)).toEqual(upgraded);
  expect(await dial(bob, `?room_id=${room.id}`, room.id)).toEqual(upgraded);
  expect(await dial(bob, "", room.id)).toEqual(upgraded);
  for (const who of [cy, mallory]) expect(await dial(who, `?room_id=${room.id}`)).toEqual([404, "not_found"]);
  expect(await dial(bob, "?room_id=nowhere")).toEqual([404, "not_found"]);
  expect(await dial(bob, `?room_id=${cell.id}`, room.id)).toEqual([404, "not_found"]);
  expect(await dial(bob, "")).toEqual([422, "invalid"]);
});

test("the second seed's names are frames of ours: a post without a client_id is given one, one with it is stored once", async () => {
  const { ann, bob, room } = here;
  const [said, heard] = [await doors.socketOf(bob), await doors.socketOf(ann)];
  for (const socket of [said, heard]) await socket.exchange({ type: "sync", id: "all", rooms: [] });
  const answer = await said.exchange({ type: "send_message", id: "one", room_id: room.id, content: "hello" });
  expect(JSON.parse(answer.find((text) => text.startsWith('{"type":"ok"')) ?? "{}")).toMatchObject({
    id: "one",
    message: { content: "hello", client_id: expect.stringMatching(/^[A-Za-z0-9_-]{16,64}$/u) },
  });
  for (const id of ["two", "three"])
    await said.exchange({ type: "send_message", id, room_id: room.id, content: "once", client_id: "the-same-both-times" });
  for (const type of ["typing.start", "typing.stop"]) await said.exchange({ type, id: type, room_id: room.id });
  await heard.until('"is_typing":false');
  expect(heard.texts.filter((text) => text.startsWith('{"type":"message"'))).toHaveLength(2);
  expect(heard.texts.some((text) => text.includes('"is_typing":true'))).toBe(true);
  for (const socket of [said, heard]) socket.destroy();
});
