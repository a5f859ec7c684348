import { expect, test } from "bun:test";
import { placeOf, schemeOf } from "../../db/open.ts";
import { openStore } from "../../db/open.ts";
import { describeStore } from "../../db/store.contract.ts";
import { timedStore } from "../../docs/plugins/timed-store.ts";
import type { Log } from "../chat/chat.ts";
import { testStore } from "../testing/store.ts";

const silent: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

for (const dialect of ["sqlite", "postgres"] as const) {
  describeStore(`an example of a plugin's, over ${dialect}`, async () => {
    const { store, url, dispose } = await testStore(dialect);
    const over = async () => timedStore(await openStore(url, { postgres: { allow_unsafe_durability: true, pool: 2 } }), silent);
    return { store: timedStore(store, silent), dispose, again: over };
  });
}

test("it tells of a write that took long, and of no other", async () => {
  const told: unknown[] = [];
  const { store, dispose } = await testStore();
  const log: Log = { ...silent, warn: (event) => void told.push(event) };
  await timedStore(store, log, 60_000).write(async () => "quick");
  expect(told).toEqual([]);
  expect(await timedStore(store, log, 0).write(async () => "kept")).toBe("kept");
  expect(told).toEqual(["store.slow"]);
  await dispose();
});

test("a scheme before ours leaves the database where it is, for every command", () => {
  for (const url of ["sqlite:/data/snug.db", "postgres://snug@db/snug"]) {
    expect(placeOf(`timed+${url}`)).toEqual(placeOf(url));
    expect([schemeOf(`timed+${url}`), schemeOf(url)]).toEqual(["timed", null]);
  }
  expect(() => placeOf("timed+mysql://db")).toThrow();
});
