/** Promise 4: one verb, two doors. */
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { postMessage } from "./chat/messages.ts";
import { notify } from "./chat/notifications.ts";
import { react } from "./chat/reactions.ts";
import { createRoom } from "./chat/rooms.ts";
import type { ClientFrames } from "./protocol.ts";
import { type House, house, type Seat } from "./testing/seat.ts";
import { type OpenDoor, openDoor, type Visitor, visit } from "./testing/visitor.ts";

let here: House;
let open: OpenDoor;
beforeEach(async () => {
  here = await house();
  open = openDoor(here);
});
afterEach(() => here.dispose());

type Doing = { room_id: string; said: { id: string }; notification_id: string };
/** What a socket does to others, and not to itself alone: `presence`, `sync` and `ping` are about the socket. */
type Done = Exclude<keyof ClientFrames, "presence" | "sync" | "ping">;
type Ways = { frame(doing: Doing): ClientFrames[Done]; rest(bob: Visitor, doing: Doing): Promise<unknown> };

/** The same thing by both doors. A frame that is added to the protocol does not compile before it has a road by REST. */
const ways: Record<Done, Ways> = {
  message: {
    frame: ({ room_id }) => ({ type: "message", room_id, client_id: "by-either-door-01", content: "@ann, look" }),
    rest: (bob, { room_id }) => bob.post(`/rooms/${room_id}/messages`, { client_id: "by-either-door-01", content: "@ann, look" }),
  },
  edit: {
    frame: ({ room_id, said }) => ({ type: "edit", room_id, message_id: said.id, content: "mended" }),
    rest: (bob, { room_id, said }) => bob.patch(`/rooms/${room_id}/messages/${said.id}`, { content: "mended" }),
  },
  remove: {
    frame: ({ room_id, said }) => ({ type: "remove", room_id, message_id: said.id }),
    rest: (bob, { room_id, said }) => bob.delete(`/rooms/${room_id}/messages/${said.id}`),
  },
  react: {
    frame: ({ room_id, said }) => ({ type: "react", room_id, message_id: said.id, emoji: "👍" }),
    rest: (bob, { room_id, said }) => bob.put(`/rooms/${room_id}/messages/${said.id}/reactions/${encodeURIComponent("👍")}`),
  },
  unreact: {
    frame: ({ room_id, said }) => ({ type: "unreact", room_id, message_id: said.id, emoji: "🎉" }),
    rest: (bob, { room_id, said }) => bob.delete(`/rooms/${room_id}/messages/${said.id}/reactions/${encodeURIComponent("🎉")}`),
  },
  ack: {
    frame: ({ room_id }) => ({ type: "ack", room_id, seq: 2 }),
    rest: (bob, { room_id }) => bob.put(`/rooms/${room_id}/ack`, { seq: 2 }),
  },
  typing: {
    frame: ({ room_id }) => ({ type: "typing", room_id, is_typing: true }),
    rest: (bob, { room_id }) => bob.post(`/rooms/${room_id}/typing`, { is_typing: true }),
  },
  send_message: {
    frame: ({ room_id }) => ({ type: "send_message", room_id, client_id: "by-either-door-01", content: "@ann, look" }),
    rest: (bob, { room_id }) => bob.post(`/rooms/${room_id}/messages`, { client_id: "by-either-door-01", content: "@ann, look" }),
  },
  "typing.start": {
    frame: ({ room_id }) => ({ type: "typing.start", room_id }),
    rest: (bob, { room_id }) => bob.post(`/rooms/${room_id}/typing`, { is_typing: true }),
  },
  "typing.stop": {
    frame: ({ room_id }) => ({ type: "typing.stop", room_id }),
    rest: (bob, { room_id }) => bob.post(`/rooms/${room_id}/typing`, { is_typing: false }),
  },
  notification_ack: {
    frame: ({ notification_id }) => ({ type: "notification_ack", notification_id }),
    rest: (bob, { notification_id }) => bob.put(`/notifications/${notification_id}/ack`),
  },
};

describe("whatever a frame can do, REST can do:", () => {
  for (const [name, { frame, rest }] of Object.entries(ways)) {
    test(`${name} by a frame and by REST is the same to everybody`, async () => {
      const byFrame = await begun(name);
      expect((await byFrame.bob.ask(frame(byFrame))).type).toBe("ok");
      const told = await byFrame.told();
      expect(told.length).toBeGreaterThan(0);
      const byRest = await begun(name);
      await rest(visit(open, here.bob), byRest);
      expect(await byRest.told()).toEqual(told);
    });
  }
});

test("what REST lists since a rev is what a socket is sent that resumes from it", async () => {
  const { room_id, said } = await begun("resume");
  await visit(open, here.ann).patch(`/rooms/${room_id}/messages/${said.id}`, { content: "mended" });
  const seat = await here.seat(here.bob, { sync: { type: "sync", rooms: [[room_id, 1]] } });
  const sent = seat.frames.filter(({ type }) => type === "message" || type === "member");
  const { items } = (await visit(open, here.bob).get(`/rooms/${room_id}/messages?since_rev=1`)).body;
  expect(sent.length).toBeGreaterThan(1);
  expect(items.filter(({ type }: { type: string }) => type !== "room")).toEqual(sent);
});

/** A room of ann and bob where bob has said something; `told` is what ann and another tab of bob's have heard of it since. */
async function begun(name: string): Promise<Doing & { bob: Seat; told(): Promise<unknown[]> }> {
  const { room } = await createRoom(here.chat, here.ann, {
    type: "channel",
    name: `${name}-${here.chat.newId()}`,
    visibility: "private",
    user_ids: [here.bob.user_id],
  });
  const room_id = room.id;
  const { message: said } = await postMessage(here.chat, here.bob, { room_id, client_id: "before-it-all-01", content: "first" });
  await postMessage(here.chat, here.ann, { room_id, client_id: "before-it-all-02", content: "second" });
  await react(here.chat, here.bob, { room_id, message_id: said.id, emoji: "🎉" });
  const { notification_id } = await notify(here.chat, here.ann, { topic: "tide", payload: {}, targets: { user_ids: [here.bob.user_id] } });
  const [ann, bob, tab] = [await here.seat(here.ann), await here.seat(here.bob), await here.seat(here.bob)];
  const from = [ann.frames.length, tab.frames.length];
  const told = async (): Promise<unknown[]> => {
    for (const seat of [ann, tab]) await seat.heard("pong");
    const heard = [ann, tab].flatMap(({ frames }, i) => frames.slice(from[i]).filter(({ type }) => type !== "pong" && type !== "notification")); // which comes beside
    return heard.map((one) =>
      JSON.parse(
        JSON.stringify(one)
          .replaceAll(room_id, "room")
          .replaceAll(notification_id, "notification")
          .replaceAll(/"id":"0[^"]+"/gu, '"id":"own"'),
      ),
    );
  };
  return { room_id, said, notification_id, bob, told };
}
