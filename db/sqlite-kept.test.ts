import { Database } from "bun:sqlite";
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { eq } from "drizzle-orm";
import { testStore, type TestStore } from "../server/testing/store.ts";
import { advanceRooms, lockRooms } from "./islands.ts";
import { rejection } from "./store.cast.ts";

const place = { tenant_id: "t", room_id: "quay" };
const add = `INSERT INTO rooms (tenant_id, id, type, visibility, description, first_seq, last_seq, last_rev, last_at, rev, rights_rev, member_count, created_at, updated_at)
  VALUES ('t', 'quay', 'channel', 'public', '', 1, 0, 0, 0, 1, 1, 1, 1, 1)`;

describe("a room that is kept between works", () => {
  let opened: TestStore;
  let other: Database;
  beforeEach(async () => {
    opened = await testStore("sqlite");
    other = new Database(opened.url.replace("sqlite:", ""));
    other.run(add);
  });
  afterEach(async () => {
    other.close();
    await opened.dispose();
  });

  const post = (): Promise<number> =>
    opened.store.write(async (tx) => {
      const room = (await lockRooms(tx, [place])).get("quay");
      if (!room) return 0;
      room.last_seq += 1;
      await advanceRooms(tx, [room], 7);
      return room.last_seq;
    });
  const locked = () => opened.store.write(async (tx) => (await lockRooms(tx, [place])).get("quay"));
  const keptNow = () => opened.store.write(async (tx) => tx.kept("rooms")?.size);
  const stored = (): unknown => other.query("SELECT last_seq FROM rooms").values()[0]?.[0];

  test("is what stands in the table, post by post", async () => {
    for (let seq = 1; seq <= 3; seq += 1) {
      expect([await post(), await keptNow(), stored()]).toEqual([seq, 1, seq]);
      expect(await locked()).toMatchObject({ last_seq: seq });
    }
    expect((await opened.store.write((tx) => lockRooms(tx, [{ ...place, tenant_id: "another" }]))).size).toBe(0);
  });

  test("is forgotten by every other road on which its table is written, and by no question", async () => {
    const { store } = opened;
    const { rooms } = store.t;
    await post();
    await store.write((tx) => tx.select().from(rooms));
    expect(await keptNow()).toBe(1);
    await store.write((tx) => tx.update(rooms).set({ last_at: 11 }).where(eq(rooms.id, "quay")));
    expect(await keptNow()).toBe(0);
    expect(await locked()).toMatchObject({ last_at: 11 });
    await store.write((tx) => tx.run({ text: "UPDATE rooms SET last_at = $1" }, [[12]]));
    expect(await locked()).toMatchObject({ last_at: 12 });
    await store.write((tx) => tx.ask({ text: "WITH one AS (SELECT 13 AS ms) UPDATE rooms SET last_at = (SELECT ms FROM one)" }, []));
    expect(await locked()).toMatchObject({ last_at: 13 });
    await store.write((tx) => tx.delete(rooms));
    expect(await locked()).toBe(undefined);
  });

  test("is read again after another process' commit", async () => {
    await post();
    other.run("UPDATE rooms SET last_seq = 40");
    expect([await post(), stored()]).toEqual([41, 41]);
  });

  test("is not what a work that failed has made of it, nor for those of the same commit that come after", async () => {
    await post();
    const failing = opened.store.write(async (tx) => {
      const room = (await lockRooms(tx, [place])).get("quay");
      if (room) room.last_seq = 100;
      throw new Error("changed its mind");
    });
    expect(await Promise.all([rejection(failing).then(String), post()])).toEqual(["Error: changed its mind", 2]);
    expect(await post()).toBe(3);
    expect(stored()).toBe(3);
  });
});
