import { expect, test } from "bun:test";
import { message } from "../testing/outside.ts";
import { person, testHouse } from "../testing/house.ts";
import { sitting } from "../testing/sitting.ts";

test("a live message of somebody else is spoken; a repetition, an edit, one's own and what was caught up are not", async () => {
  const { app, link, house, connect } = await sitting();
  const said = () => app.spoken.said.value.length;
  const hear = (...frames: Parameters<typeof link.hear>[0][]) => frames.forEach((frame) => link.hear(frame));
  hear(...house.run({ do: "post", user: "ann", content: "live" }));
  expect(said()).toBe(1);
  const own = house.run({ do: "post", user: "me", content: "mine" });
  hear(...own, ...house.run({ do: "edit", at: 0 }));
  hear({ type: "message", message: message(1, "live", { room_id: "room", sender_id: "ann" }), user: person("ann") });
  expect(said()).toBe(1);
  link.reach("waiting");
  house.run({ do: "post", user: "ann", content: "meanwhile" });
  await connect();
  expect(said()).toBe(1);
  link.hear({ type: "caught_up" });
  hear(...house.run({ do: "post", user: "ann", content: "live again" }));
  expect(said()).toBe(2);
});

test("who does not want to be spoken to hears nothing", async () => {
  const house = testHouse();
  const { app, link } = await sitting(house, "/r/room", { "PATCH /me": (_, body) => ({ ...app.account.me.value, ...Object(body) }) });
  await app.settings.change({ speak: false });
  for (const frame of house.run({ do: "post", user: "ann", content: "live" })) link.hear(frame);
  expect(app.spoken.said.value).toEqual([]);
});
