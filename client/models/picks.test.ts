import { expect, test } from "bun:test";
import { person } from "../testing/house.ts";
import { sitting } from "../testing/sitting.ts";

async function picking(there: string[] = []) {
  const everybody = ["me", "ann", "bob", "bobby", "cy"].map(person);
  const { app } = await sitting(undefined, "/r/room", {
    "GET /users": () => ({ items: [...everybody, { ...person("gone"), disabled_at: "2026-01-01T00:00:00.000Z" }] }),
  });
  await app.people.meetAll();
  app.picks.begin("field", there);
  const found = () => app.picks.found.value.map(({ id }) => id);
  return { picks: app.picks, found, app };
}

test("one can choose everybody but oneself, who is there already and who has been deactivated", async () => {
  expect((await picking(["cy"])).found()).toEqual(["ann", "bob", "bobby"]);
});

test("who is chosen leaves the list until taken out again, and a new choice begins with nobody", async () => {
  const { picks, found } = await picking();
  picks.seek("bob");
  expect(found()).toEqual(["bob", "bobby"]);
  picks.pick(person("bob"));
  expect([picks.query.value, found()]).toEqual(["", ["ann", "bobby", "cy"]]);
  picks.drop("bob");
  expect(found()).toContain("bob");
  picks.pick(person("ann"));
  picks.begin("other");
  expect(picks.picked.value).toEqual([]);
});
