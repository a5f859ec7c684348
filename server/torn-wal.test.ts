/**
 * What a crash of the machine may leave of SQLite's log: cut off anywhere, or with a bit turned. Whatever opens of it is a moment that was: every
 * message with its number, its room's counters and what is owed for it, or none of that.
 */
import { expect, test } from "bun:test";
import { Database } from "bun:sqlite";
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openSqlite } from "../db/sqlite.ts";
import { postMessage } from "./chat/messages.ts";
import { createRoom } from "./chat/rooms.ts";
import { createWebhook } from "./chat/webhooks.ts";
import { createOutbound } from "./plugins/outbound.ts";
import { webhooks } from "./plugins/webhooks.ts";
import { makeScratch } from "./testing/scratch.ts";
import { testStore } from "./testing/store.ts";
import { draftFor, world } from "./testing/world.ts";

const POSTS = 24;
const CUTS = 300;
const FLIPS = 100;
const FRAME_BYTES = 4_096 + 24;
const HEADER_BYTES = 32;

test("of 300 logs cut off anywhere and 100 with a bit turned each opens whole, as a moment that was, and posting goes on there", async () => {
  const opened = await testStore("sqlite");
  const here = await world({ opened });
  webhooks(here.chat, createOutbound({ allow: [] }));
  const { room } = await createRoom(here.chat, here.ann, { type: "channel", name: "pier", visibility: "public" });
  await createWebhook(here.chat, here.ann, { url: "https://app.test/in", events: ["message.created"] });
  for (let i = 1; i <= POSTS; i += 1) await postMessage(here.chat, here.ann, draftFor(room, `no. ${i}`));
  const path = opened.url.slice("sqlite:".length);
  const folder = makeScratch("torn");
  const image = join(folder, "image.db");
  copyFileSync(path, image);
  const [base, log] = [readFileSync(image), readFileSync(`${path}-wal`)];
  expect(log.length).toBeGreaterThan(POSTS * FRAME_BYTES);

  /** How many posts there are, by each who counts them, of a database with such a log. */
  const counts = (torn: Uint8Array): number[] => {
    writeFileSync(image, base);
    writeFileSync(`${image}-wal`, torn);
    writeFileSync(`${image}-shm`, "");
    using database = new Database(image);
    database.run("PRAGMA synchronous=OFF"); // of what is read here once nothing need outlive anything
    expect(database.query("PRAGMA integrity_check").values()).toEqual([["ok"]]);
    const [row] = database.query<Record<string, number>, [string]>(WHOLE).all(room.id);
    if (!row) return [0, 0, 0, 0]; // before there was the room
    return [row["messages"] ?? -1, row["greatest"] ?? -1, row["last_seq"] ?? -1, row["owed"] ?? -1];
  };
  const chance = chanceFrom(1);
  const heard = new Set<number>();
  const judge = (torn: Uint8Array): void => {
    const [messages = -1, ...others] = counts(torn);
    expect(others).toEqual([messages, messages, messages]);
    heard.add(messages);
  };
  for (let i = 0; i < CUTS; i += 1) judge(log.subarray(0, Math.floor(chance() * log.length)));
  for (let i = 0; i < FLIPS; i += 1) {
    const torn = Uint8Array.from(log);
    const at = HEADER_BYTES + Math.floor(chance() * (log.length - HEADER_BYTES));
    torn[at] = (torn[at] ?? 0) ^ (1 << Math.floor(chance() * 8));
    judge(torn);
  }
  expect(counts(log)).toEqual([POSTS, POSTS, POSTS, POSTS]); // nothing is missing of the one that is whole
  expect(heard.size).toBeGreaterThan(POSTS / 2); // they were torn at many places

  counts(log.subarray(0, Math.floor(log.length / 2)));
  const store = openSqlite(image);
  const before = await store.read.$count(store.t.messages);
  const { message } = await postMessage({ ...here.chat, store }, here.ann, draftFor(room, "after the crash"));
  expect([message.seq, await store.read.$count(store.t.messages)]).toEqual([before + 1, before + 1]);
  await store.close();
  await here.dispose();
});

const WHOLE = `SELECT (SELECT count(*) FROM messages WHERE room_id = r.id) AS messages, (SELECT coalesce(max(seq), 0) FROM messages WHERE room_id = r.id) AS greatest,
  r.last_seq AS last_seq, (SELECT coalesce(sum(1 + (SELECT coalesce(sum((s.value->>3) - (s.value->>2) + 1), 0) FROM json_each(d.detail, '$.more') AS s)), 0)
    FROM deliveries AS d WHERE event = 'message.created') AS owed
  FROM rooms r WHERE r.id = ?`;

/** The same numbers each time: what is torn where is no matter of luck. */
function chanceFrom(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}
