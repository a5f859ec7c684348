import { afterEach, expect, test } from "bun:test";
import type { ServerFrame } from "../../server/protocol.ts";
import { testHouse } from "../testing/house.ts";
import { settled } from "../testing/outside.ts";
import { myRoom } from "../testing/rooms.ts";
import { sitting } from "../testing/sitting.ts";
import type { MyRoom } from "./rooms.ts";

afterEach(() => localStorage.clear());

test("who comes without a last room comes to the first channel that is not archived, and else to the list of channels", async () => {
  localStorage.clear();
  const attic = myRoom("attic", { archived_at: "2026-01-02T00:00:00.000Z" });
  const arrive = async (...rooms: MyRoom[]): Promise<string | null> => {
    const { app, link, house } = await sitting(testHouse(), "/browse");
    link.hear({ ...house.hello(), rooms } as ServerFrame); // the same frame with other rooms
    app.place.go("/");
    await settled();
    return app.place.room_id.value;
  };
  expect(await arrive(attic, myRoom("pier"))).toBe("pier");
  localStorage.clear();
  expect(await arrive(attic)).toBeNull();
});
