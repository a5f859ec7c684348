import { expect, test } from "bun:test";
import { effect } from "@preact/signals";
import fc from "fast-check";
import { ApiError } from "../lib/api-error.ts";
import { testHouse, type Verb } from "../testing/house.ts";
import { bob, message, settled } from "../testing/outside.ts";
import { aboutMe, sitting } from "../testing/sitting.ts";

const user = fc.constantFrom("ann", "bob", "me", "cy");
const content = fc.constantFrom("hello", "for @me", "for @room", "dear @me, and @room");
const verb: fc.Arbitrary<Verb> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant("post" as const), user, content }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constantFrom("edit" as const, "remove" as const, "ack" as const, "mark" as const, "react" as const),
      at: fc.nat(30),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom("join" as const, "leave" as const), user, content }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom("rename" as const, "archive" as const, "role" as const, "level" as const), user }) },
);
const happening = fc.record({ verb, line: fc.constantFrom("up", "up", "up", "twice", "down", "reset") });

test("whatever happens, on a line that doubles frames, breaks and is reset: who listened sees what a reload shows", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(happening, { maxLength: 30 }), async (happenings) => {
      const listener = await sitting();
      let isDown = false;
      for (const { verb: what, line } of happenings) {
        if (isDown && line !== "down") await listener.connect(line === "reset" ? "reset" : "resumed");
        if (!isDown && line === "down") listener.link.reach("waiting");
        isDown = line === "down";
        const frames = listener.house.run(what);
        if (isDown) continue;
        for (const frame of frames) for (let i = line === "twice" ? 2 : 1; i > 0; i -= 1) listener.link.hear(frame);
        await settled();
        listener.app.place.go("/r/room"); // who was put out is led elsewhere
      }
      if (isDown) await listener.connect();
      await listener.clock.advance(5_000);
      const reader = await sitting(listener.house);
      expect(listener.seen()).toEqual(reader.seen());
    }),
    { numRuns: 150 },
  );
});

test("a post stands once while it becomes stored, in one and the same batch", async () => {
  const { app, link } = await sitting();
  link.answers(async (frame) => ({
    type: "ok",
    id: "1",
    message: message(1, "mine", { sender_id: "me", client_id: "client_id" in frame ? frame.client_id : "" }),
  }));
  const counts: number[] = [];
  const count = () => (app.timeline.value?.stored.value.length ?? 0) + app.outbox.pending.value.length;

  const stop = effect(() => void counts.push(count()));
  void app.outbox.post("room", "mine");
  await settled();
  stop();
  expect(counts).toEqual([0, 1, 1]);
});

test("who is put out of a room loses it at once and finds it as one that never was; what they had not sent can still be copied", async () => {
  const { app, link, house } = await sitting();
  link.answers(() => Promise.reject(new ApiError({ code: "not_found", retry: false })));
  expect(app.timeline.value?.state.value).toBe("ready");
  for (const frame of house.run({ do: "leave", user: "me" })) link.hear(frame);
  expect(app.room.value).toBeNull();
  expect(app.timeline.value).toBeNull();
  await app.outbox.post("room", "too late");
  await settled();
  expect(app.outbox.pending.value.map(({ content, state }) => `${content} ${state}`)).toEqual(["too late refused"]);
});

test("the cursors are told with the history they belong to, however many frames name the rooms", async () => {
  const { link, house } = await sitting();
  const epochs = () => link.said.flatMap((frame) => (frame.type === "sync" ? [frame.epoch] : []));
  expect(epochs()).toEqual([undefined]);
  link.reach("waiting");
  link.reach("open");
  const { last, ...hello } = { last: undefined, ...house.hello() } as Extract<ReturnType<typeof house.hello>, { type: "hello" }>;
  link.hear({ ...hello, epoch: "epoch-2" });
  expect(epochs()).toHaveLength(1);
  link.hear({ type: "rooms", rooms: [], last: true });
  expect(epochs()).toEqual([undefined, "epoch-1"]);
  link.hear({ ...hello, last: true });
  expect(epochs()).toEqual([undefined, "epoch-1", "epoch-2"]);
  expect(last).toBe(true);
});

test("a resume that the server could not give is said again with the next line, from the same place", async () => {
  const { app, link, house } = await sitting();
  const asked = () => link.said.flatMap((frame) => (frame.type === "sync" ? [frame.rooms] : []));
  link.reach("open");
  link.hear(house.hello());
  link.hear({ type: "error", re: "sync", code: "unavailable", message: "", retry: true });
  link.reach("waiting");
  expect(app.notice.value).toBeNull();
  link.reach("open");
  link.hear(house.hello());
  expect(asked()).toHaveLength(3);
  expect(asked().at(-1)).toEqual(asked().at(-2) ?? []);
});

test("signing out leaves nothing of this person in the tab; whoever signs in next sees their own", async () => {
  const { app, visited } = await sitting();
  app.people.meet([bob]);
  await app.outbox.post("room", "unsent");
  await app.signOut();
  expect([app.rooms.rooms.value.size, app.people.users.value.size, app.outbox.pending.value.length]).toEqual([0, 0, 0]);
  expect(app.place.screen.value).toBe("sign-in");
  expect(visited.at(-1)).toBe("push /sign-in");
});

test("an address without a room leads to the first one, and is no place to come back to", async () => {
  const { app, visited } = await sitting(testHouse(), "/");
  expect(app.place.screen.value).toBe("room");
  expect(visited).toEqual(["replace /r/room"]);
  app.place.go("/rooms");
  expect(app.place.screen.value).toBe("rooms"); // the list itself, where a phone has nothing beside it
});

test("a break is named only when it lasts, and a restart as what it is", async () => {
  const { app, link, clock, connect } = await sitting();
  const { trouble } = app.reach;
  expect(trouble.value).toBe("none");
  link.reach("waiting");
  await clock.advance(1_500);
  await connect();
  await clock.advance(2_000);
  expect(trouble.value).toBe("none");
  link.reach("waiting");
  await clock.advance(2_000);
  expect(trouble.value).toBe("connecting");
  await clock.advance(12_000);
  link.reach("connecting");
  expect(trouble.value).toBe("connecting");
  link.reach("waiting", 3_000);
  await clock.advance(2_000);
  expect(trouble.value).toBe("offline");
  expect(app.reach.wait_s.value).toBe(1);
  await connect();
  expect([trouble.value, app.reach.wait_s.value]).toEqual(["none", 0]);
  link.reach("restarting");
  link.reach("connecting");
  expect(trouble.value).toBe("restarting");
});

test("who is put out by somebody is told so and led on; what is unsent keeps its reader there", async () => {
  const out = await sitting();
  for (const frame of out.house.run({ do: "leave", user: "me" })) out.link.hear(frame);
  expect(out.app.notice.value?.words).toStartWith("You are no longer in");
  expect(out.visited.at(-1)).toBe("replace /browse");
  const unsent = await sitting();
  unsent.link.reach("waiting");
  await unsent.app.outbox.post("room", "not sent yet");
  unsent.link.reach("open");
  for (const frame of unsent.house.run({ do: "leave", user: "me" })) unsent.link.hear(frame);
  expect(unsent.app.notice.value?.words).toStartWith("You are no longer in");
  expect(unsent.app.place.path.value).toBe("/r/room");
});

test("a room that was joined and lost before the stream told of it does not stay", async () => {
  const house = testHouse();
  const pier = { ...house.toMe(), id: "pier", type: "channel" as const };
  let isIn = true;
  const { app, clock } = await sitting(house, "/r/room", {
    "PUT /rooms/pier/members/me": () => ({}),
    "GET /rooms/pier": () => (isIn ? pier : Promise.reject(new ApiError({ code: "not_found", retry: false }))),
  });
  await app.rooms.join("pier");
  expect([...app.rooms.rooms.value.keys()]).toEqual(["room", "pier"]);
  await clock.advance(1_000);
  expect([...app.rooms.rooms.value.keys()]).toEqual(["room", "pier"]);
  app.rooms.forget();
  await app.rooms.join("pier");
  isIn = false; // put out by somebody, and no frame
  await clock.advance(1_000);
  expect([...app.rooms.rooms.value.keys()]).toEqual([]);
});

test("a page that was loaded without its server asks again by itself, and is where it was once somebody answers", async () => {
  let isAway = true;
  const { app, api, clock } = await sitting(testHouse(), "/r/room", {
    "GET /me": () => {
      if (isAway) throw new ApiError({ code: "offline", retry: true });
      return aboutMe;
    },
  });
  expect(app.account.state.value).toBe("offline");
  await clock.advance(60_000);
  const tries = api.asked.filter(({ call }) => call === "GET /me").length;
  expect([app.account.state.value, tries >= 10 && tries <= 14]).toEqual(["offline", true]);
  isAway = false;
  await clock.advance(5_000);
  expect([app.account.state.value, app.place.room_id.value]).toEqual(["signed_in", "room"]);
  const after = api.asked.length;
  await clock.advance(20_000);
  expect(api.asked.slice(after).filter(({ call }) => call === "GET /me")).toEqual([]); // and no longer
});
