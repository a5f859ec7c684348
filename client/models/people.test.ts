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
