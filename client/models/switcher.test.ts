import { expect, test } from "bun:test";
import { person } from "../testing/house.ts";
import { sitting } from "../testing/sitting.ts";
import { directWith, myRoom } from "../testing/rooms.ts";

async function sittingWithRooms() {
  const { app, api, link, ...rest } = await sitting();
  const rooms = [
    myRoom("garden"),
    myRoom("harbour", { last_seq: 4, me: { unread: 4 } }),
    myRoom("night", { last_seq: 4, me: { unread: 4, level: "muted" } }),
    directWith("ann", { last_seq: 2, me: { unread: 2, unread_mentions: 1 } }),
  ];
  for (const room of rooms) link.hear({ type: "room", room });
  app.people.meet([person("ann"), person("harriet")]);
  api.asked.length = 0;
  const found = () => app.switcher.choices.value.map(({ key }) => key);
  return { app, api, link, found, ...rest };
}

test("closed, it costs nothing; open, it begins with what is unread, then what was open last", async () => {
  const { app, found } = await sittingWithRooms();
  expect(found()).toEqual([]);
  app.place.go("/r/garden");
  app.switcher.begin();
  expect(found().slice(0, 4)).toEqual(["room dm-ann", "room harbour", "room garden", "room room"]);
  expect(found()).toContain("page /browse");
  app.switcher.end();
  expect(found()).toEqual([]);
});

test("it finds rooms, people and screens by what is typed, and asks nobody for it but once a minute, beside it", async () => {
  const { app, api, found } = await sittingWithRooms();
  app.switcher.begin();
  expect(api.asked.map(({ call }) => call)).toEqual(["GET /rooms?scope=public&limit=200", "GET /users?limit=200"]);
  app.switcher.end();
  api.asked.length = 0;
  app.switcher.begin();
  app.switcher.seek("har");
  expect(found()).toEqual(["room harbour", "person harriet"]);
  app.switcher.seek("#har");
  expect(found()).toContain("room harbour");
  app.switcher.seek("settings");
  expect(found()).toEqual(["page /me"]);
  app.switcher.seek("zzzz");
  expect(found()).toEqual([]);
  expect(api.asked).toEqual([]);
});

test("somebody with whom one talks already is listed once, as the conversation", async () => {
  const { app, found } = await sittingWithRooms();
  app.switcher.begin();
  app.switcher.seek("ann");
  expect(found().filter((key) => key.includes("ann"))).toEqual(["room dm-ann"]);
  app.switcher.seek("harriet");
  expect(found()).toEqual(["person harriet"]);
});

test("who is sought stands before the groups they are in, few enough that the rest is seen; of rooms that fit alike the one that was open last stands first", async () => {
  const { app, link, found } = await sittingWithRooms();
  link.hear({ type: "room", room: myRoom("harriet and ann", { type: "group", name: null, user_ids: ["ann", "harriet", "me"] }) });
  app.people.meet(Array.from({ length: 40 }, (_, i) => person(`harry-${i}`)));
  link.hear({ type: "room", room: myRoom("hare") });
  app.switcher.begin();
  app.switcher.seek("har");
  expect(found().slice(0, 3)).toEqual(["room harbour", "room hare", "person harriet"]);
  expect(found().slice(-2)).toEqual(["person harry-6", "room harriet and ann"]);
  app.place.go("/r/hare");
  expect(found().slice(0, 2)).toEqual(["room hare", "room harbour"]);
});

test("the arrows go round, and each new word begins at the top", async () => {
  const { app } = await sittingWithRooms();
  app.switcher.begin();
  app.switcher.seek("har");
  app.switcher.point(-1);
  expect(app.switcher.at.value).toBe(1);
  app.switcher.point(2);
  expect(app.switcher.at.value).toBe(0);
  app.switcher.point(1);
  app.switcher.seek("harb");
  expect(app.switcher.at.value).toBe(0);
});
