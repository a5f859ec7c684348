import { expect, test } from "bun:test";
import type { Member } from "../../server/protocol.ts";
import { person } from "../testing/house.ts";
import { sitting } from "../testing/sitting.ts";
import type { Seat } from "./directory.ts";

const TIME = "2026-01-02T00:00:00.000Z";
const memberOf = (user_id: string, more: Partial<Member> = {}): Member => ({
  room_id: "room",
  user_id,
  role: "member",
  joined_at: TIME,
  rev: 9,
  ...more,
});
const seat = (user_id: string): Seat => ({ user: person(user_id), member: memberOf(user_id) });

async function looking() {
  const { app, api, clock } = await sitting(undefined, "/r/room", {
    "GET /rooms/room/members?limit=200&cursor=bob": () => ({ items: [seat("cy")] }),
    "GET /rooms/room/members?limit=200&q=be": () => ({ items: [seat("ben")] }),
    "GET /rooms/room/members": () => ({ items: [seat("ann"), seat("bob")], next_cursor: "bob" }),
    "GET /rooms?scope=public&limit=200&cursor=b": () => ({ items: [{ id: "c" }] }),
    "GET /rooms?scope=public": () => ({ items: [{ id: "a" }, { id: "b" }], next_cursor: "b" }),
  });
  const pages = () => app.directory.members.value?.pages.map((page) => page.map(({ user }) => user.id));
  await app.directory.findMembers("room");
  return { app, api, clock, pages };
}

test("a room's people come page by page until there is nobody left to ask for", async () => {
  const { app, api, pages } = await looking();
  expect(pages()).toEqual([["ann", "bob"]]);
  await app.directory.moreMembers();
  expect(pages()).toEqual([["ann", "bob"], ["cy"]]);
  const asked = api.asked.length;
  await app.directory.moreMembers();
  expect(api.asked).toHaveLength(asked);
});

test("who comes, goes or is given a role while the list is held changes it in place", async () => {
  const { app, pages } = await looking();
  app.directory.heard(memberOf("dee"), person("dee"));
  app.directory.heard(memberOf("ann", { role: "admin" }), person("ann"));
  app.directory.heard(memberOf("bob", { left_at: TIME }), person("bob"));
  app.directory.heard({ ...memberOf("eve"), room_id: "elsewhere" }, person("eve"));
  expect(pages()).toEqual([["ann", "dee"]]);
  expect(app.directory.members.value?.pages[0]?.[0]?.member.role).toBe("admin");
  await app.directory.moreMembers();
  expect(pages()).toEqual([["ann", "dee"], ["cy"]]);
});

test("all public channels are listed, however many pages they take", async () => {
  const { app } = await looking();
  await app.directory.findChannels();
  expect(app.directory.channels.value?.map(({ id }) => id)).toEqual(["a", "b", "c"]);
});

test("a room's people are found by what is typed of a name; who comes meanwhile is not among them, and nothing typed shows everybody again", async () => {
  const { app, clock, pages } = await looking();
  app.directory.seekMembers("b");
  app.directory.seekMembers(" be ");
  await clock.advance(200);
  expect(pages()).toEqual([["ben"]]);
  app.directory.heard(memberOf("dee"), person("dee"));
  expect(pages()).toEqual([["ben"]]);
  app.directory.seekMembers("");
  await clock.advance(200);
  expect(pages()).toEqual([["ann", "bob"]]);
});
