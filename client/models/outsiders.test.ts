import { expect, test } from "bun:test";
import type { User } from "../../server/protocol.ts";
import { person } from "../testing/house.ts";
import { OutsidersModel } from "./outsiders.ts";
import type { MyRoom } from "./rooms.ts";

const channel: MyRoom = {
  ...{ id: "room", type: "channel", visibility: "public", name: "harbour", description: "", owner_id: null, created_at: "" },
  ...{ first_seq: 1, last_seq: 0, last_rev: 0, rev: 0, member_count: 2 },
  me: { role: "member", level: "all", acked_seq: 0, unread: 0, unread_mentions: 0 },
};

function writing(more: { next_cursor?: string } = {}) {
  const added: string[] = [];
  const known = new Map(["me", "ann", "bob", "cy"].map((id): [string, User] => [id, person(id)]));
  const rooms = {
    members: async () => ({ items: ["me", "ann"].map((id) => ({ user: person(id), member: { user_id: id } as never })), ...more }),
    add: async (room_id: string, user_id: string) => {
      added.push(`${room_id} ${user_id}`);
      return {} as never;
    },
  };
  const sought: string[] = [];
  const people = {
    askFor: async (name: string) => {
      sought.push(name);
      if (name === "dee") known.set(name, person(name));
    },
  };
  const outsiders = new OutsidersModel({ names: { personOf: (name) => known.get(name) }, people, rooms, myId: () => "me" });
  return { outsiders, added, sought, offered: () => outsiders.offer.value?.users.map(({ id }) => id) ?? [] };
}

test("who is named and not in the channel is offered to be added, once", async () => {
  const { outsiders, added, offered } = writing();
  await outsiders.posted(channel, "@ann, @me, @bob and @cy. @bob!");
  expect(offered()).toEqual(["bob", "cy"]);
  await outsiders.add();
  expect(added).toEqual(["room bob", "room cy"]);
  expect(offered()).toEqual([]);
});

test("who is named and whom this tab has not met is sought first, and only they", async () => {
  const { outsiders, sought, offered } = writing();
  await outsiders.posted(channel, "@bob, @dee. @dee and @nobody");
  expect(sought).toEqual(["dee", "nobody"]);
  expect(offered()).toEqual(["bob", "dee"]);
});

test("nobody is asked about members, strangers, direct messages, or a room too large to know who is in it", async () => {
  const { outsiders, added, offered } = writing();
  await outsiders.posted(channel, "@ann and @nobody and ann@bob");
  await outsiders.posted({ ...channel, type: "group" }, "@bob");
  expect(offered()).toEqual([]);
  const large = writing({ next_cursor: "ann" });
  await large.outsiders.posted(channel, "@bob");
  expect(large.offered()).toEqual([]);
  await outsiders.posted(channel, "@bob");
  outsiders.leave();
  expect(offered()).toEqual([]);
  expect(added).toEqual([]);
});
