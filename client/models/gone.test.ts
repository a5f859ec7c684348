/** What retention has deleted is gone wherever the page shows it, without a reload. */
import { expect, test } from "bun:test";
import { testHouse } from "../testing/house.ts";
import { settled } from "../testing/outside.ts";
import { sitting } from "../testing/sitting.ts";
import { pinsOf } from "./pins.ts";
import { savedOf } from "./saved.ts";
import { ThreadModel } from "./thread.ts";

test("when a room begins later than before, its older pins, saved messages and threads are gone, and the newer are there", async () => {
  const house = testHouse();
  for (const content of ["old", "new"]) house.run({ do: "post", user: "ann", content });
  const [old, later] = house.page().items;
  if (!old || !later) throw new Error("nothing was said");
  const saved = [later, old].map((message) => ({ id: `saved-${message.id}`, saved_at: message.created_at, message }));
  const { app, link } = await sitting(house, "/r/room", {
    "GET /rooms/room/pins": () => ({ items: [later, old].map((message) => ({ ...message, pinned_at: message.created_at })), users: [] }),
    "GET /me/saved/ids": () => ({ message_ids: [later.id, old.id] }),
    "GET /me/saved?": () => ({ items: saved, users: [] }),
    "GET /rooms/room/messages?thread": (path) => ({ ...house.page(), items: [], more_before: false, root: path.includes(old.id) ? old : later }),
  });
  const [pins, kept] = [pinsOf(app), savedOf(app)];
  await Promise.all([pins.find("room"), kept.pages.find({})]);
  const [lost, stays] = [old, later].map((message) => {
    app.threads.show(message, []);
    const open = app.threads.open.peek() ?? expect.unreachable();
    return app.threads.begin((parts) => new ThreadModel(parts), open);
  });
  await settled();
  const shown = () => ({
    pins: pins.pins.value.items?.map(({ content }) => content),
    saved: kept.pages.items.value?.map(({ message }) => message.content),
    marks: [...app.acts.saved.value],
  });
  expect(shown()).toEqual({ pins: ["new", "old"], saved: ["new", "old"], marks: [later.id, old.id] });

  link.hear({ type: "room", room: { ...house.toMe(), first_seq: later.seq } });
  await settled();
  expect(shown()).toEqual({ pins: ["new"], saved: ["new"], marks: [later.id] });
  expect(stays?.state.value).toBe("ready");
  lost?.began(later.seq); // it would be the open one
  expect(lost?.state.value).toBe("unavailable");
});
