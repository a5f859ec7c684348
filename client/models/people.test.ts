import { expect, test } from "bun:test";
import { ApiError } from "../lib/api-error.ts";
import { person } from "../testing/house.ts";
import { settled, testApi, testClock } from "../testing/outside.ts";
import { PeopleModel } from "./people.ts";
import { nameFor } from "./room-names.ts";

function met(answer: () => unknown) {
  const api = testApi({ "GET /users?ids=": answer });
  return { api, people: new PeopleModel(api, testClock().later) };
}

test("whoever is being asked for has no name yet, rather than a wrong one; whom the server does not know is somebody", async () => {
  const { api, people } = met(() => ({ items: [person("ann")] }));
  people.find(["ann", "ghost"]);
  expect([nameFor(people, "ann"), nameFor(people, "ghost")]).toEqual(["…", "…"]);
  await settled();
  expect([nameFor(people, "ann"), nameFor(people, "ghost")]).toEqual(["ann", "Somebody"]);
  people.find(["ann", "ghost"]);
  expect(api.asked).toHaveLength(1);
  people.meet([person("ghost")]);
  expect(nameFor(people, "ghost")).toBe("ghost");
});

test("who could not be asked for is nobody's stranger: the next need asks again", async () => {
  const { api, people } = met(() => {
    throw new ApiError({ code: "offline", retry: true });
  });
  people.find(["ann"]);
  await settled();
  expect(nameFor(people, "ann")).toBe("…");
  people.find(["ann"]);
  expect(api.asked).toHaveLength(2);
});

test("where the workspace is larger than a page, whoever is sought is asked for once the typing stops; where it is not, nobody is", async () => {
  for (const more of [{ next_cursor: "zoe" }, {}]) {
    const clock = testClock();
    const api = testApi({ "GET /users?q=": () => ({ items: [person("okafor")] }), "GET /users": () => ({ items: [person("ann")], ...more }) });
    const people = new PeopleModel(api, clock.later);
    await people.meetAll();
    for (const typed of ["o", "ok", "oka"]) people.seek(typed);
    expect(people.seeking.value).toBe("next_cursor" in more);
    await clock.advance(1_000);
    expect(api.asked.map(({ call }) => call).filter((call) => call.includes("q="))).toEqual(
      "next_cursor" in more ? ["GET /users?q=oka&limit=50"] : [],
    );
    expect([...people.users.value.keys()]).toEqual("next_cursor" in more ? ["ann", "okafor"] : ["ann"]);
    expect(people.seeking.value).toBe(false);
  }
});

test("a status ends here when its time has come, and the next one is not taken for it", async () => {
  const clock = testClock();
  const people = new PeopleModel(testApi({}), clock.later, clock.now);
  const until = (ms: number) => ({ status: { emoji: "🌴", until: new Date(clock.now() + ms).toISOString() } });
  const seen = () => ["bob", "cy"].map((id) => people.users.value.get(id)?.status?.emoji);
  people.meet([
    { ...person("bob"), ...until(60_000) },
    { ...person("cy"), status: { emoji: "☕" } },
  ]);
  await clock.advance(30_000);
  people.meet([{ ...person("bob"), ...until(3 * 86_400_000) }]);
  await clock.advance(60_000);
  expect(seen()).toEqual(["🌴", "☕"]);
  await clock.advance(3 * 86_400_000);
  expect(seen()).toEqual([undefined, "☕"]);
  expect(people.users.value.get("bob")).toEqual(person("bob"));
});
