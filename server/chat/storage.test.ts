import { afterEach, beforeEach, expect, test } from "bun:test";
import { eq, inArray, sql } from "drizzle-orm";
import { refusalOf } from "../testing/refusals.ts";
import { pieces } from "../testing/uploads.ts";
import { type World, world } from "../testing/world.ts";
import type { FileRow } from "./attached.ts";
import { discardFile, uploadFile } from "./files.ts";
import { olderOf, roomFor } from "./storage.ts";

let here: World;
beforeEach(async () => void (here = await world({ config: { storage_bytes: 1_000 } })));
afterEach(() => here.dispose());

const left = (tenant_id = here.ann.tenant_id): Promise<number> => roomFor(here.chat, tenant_id, 0);
const bring = (text: string, length: number | null = text.length) =>
  uploadFile(here.chat, here.bob, { room_id: here.room.id, name: "note.txt", length }, pieces(text));
const rowOf = (id: string, bytes: number, more: Partial<FileRow> = {}): FileRow => ({
  ...{ tenant_id: here.ann.tenant_id, id, purpose: "message", uploader_id: here.bob.user_id, room_id: here.room.id, message_id: null, name: "n" },
  ...{ type: "text/plain", bytes, hash: id, preview_hash: null, width: null, height: null, stored_at: 1, removed_at: null, created_at: 1, ...more },
});
const insert = (rows: FileRow[]) => here.chat.store.write((tx) => tx.insert(here.chat.store.t.files).values(rows));

test("what a workspace keeps is counted once each: what is old, what has become old, what has just come, and nothing of another's", async () => {
  const { clock, mallory } = here;
  await insert([rowOf("old", 100), rowOf("gone", 100, { removed_at: 5 }), rowOf("theirs", 300, { tenant_id: mallory.tenant_id })]);
  expect([await left(), await left(mallory.tenant_id)]).toEqual([900, 700]);
  for (let minute = 1; minute <= 6; minute += 1) {
    await bring("ten bytes.");
    expect(await left()).toBe(900 - 10 * minute);
    clock.advance(60_000);
  }
  clock.advance(3_600_000);
  expect([await left(), await left(mallory.tenant_id)]).toEqual([840, 700]);
});

test("what has gone makes room: at once where it is not old, and of what is old as soon as there seems to be none", async () => {
  const { chat, bob, clock } = here;
  await insert([rowOf("old", 900), rowOf("older", 95)]);
  const { id } = await bring("five.");
  expect(await refusalOf(bring("a"))).toBe("storage_full");
  await discardFile(chat, bob, { file_id: id });
  await bring("four");
  await chat.store.write((tx) => tx.delete(chat.store.t.files).where(eq(chat.store.t.files.id, "old")));
  clock.advance(9_999);
  expect([await refusalOf(bring("five.")), await refusalOf(bring("five.", null))]).toEqual(["storage_full", "too_large"]);
  clock.advance(1);
  await bring("five.", null);
  expect(await left()).toBe(1_000 - 95 - 9);
});

test("a clock that is set back counts everything anew, and nothing is forgotten", async () => {
  const { clock } = here;
  await insert([rowOf("old", 100)]);
  expect(await left()).toBe(900);
  clock.advance(-7_200_000);
  await bring("ten bytes.");
  expect(await left()).toBe(890);
});

test("of many files each is counted, and none of them for one that comes", async () => {
  const { chat, ann } = here;
  Object.assign(chat.config, { storage_bytes: 1_000_000 });
  const ids = Array.from({ length: 10_001 }, (_, i) => `file-${String(i).padStart(6, "0")}`);
  for (let from = 0; from < ids.length; from += 1_000) await insert(ids.slice(from, from + 1_000).map((id) => rowOf(id, 2)));
  expect(await left()).toBe(1_000_000 - 20_002);
  await chat.store.write((tx) =>
    tx
      .update(chat.store.t.files)
      .set({ bytes: sql`bytes + 1` })
      .where(inArray(chat.store.t.files.id, ids.slice(0, 500))),
  );
  await bring("ten bytes.");
  expect(await left()).toBe(1_000_000 - 20_012); // nobody looked at those that are old
  expect((await olderOf(chat, ann.tenant_id)).bytes).toBe(20_002);
});
