import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { emptyTestDatabase, MIGRATIONS } from "../server/testing/postgres.ts";
import { makeScratch } from "../server/testing/scratch.ts";
import { type Dialect, testStore } from "../server/testing/store.ts";
import { backUp, BackupRefused, readBackup } from "./backup.ts";
import { MigrationRefused } from "./migrate.ts";
import { openStore } from "./open.ts";
import { rejection } from "./store.cast.ts";
import type { Store } from "./store.ts";

let scratch: string;
let copy: string;
const drops: (() => Promise<void>)[] = [];
beforeEach(() => {
  scratch = makeScratch("backup");
  copy = join(scratch, "copy.backup");
});
afterEach(async () => {
  for (const drop of drops.splice(0)) await drop();
  rmSync(scratch, { recursive: true });
});

const DIALECTS = ["sqlite", "postgres"] as const;
const backedUp = (url: string, to = copy) => backUp(url, MIGRATIONS, { to, boot: "a boot that nobody has" });
const open = (url: string): Promise<Store> => openStore(url, { postgres: { allow_unsafe_durability: true, pool: 2 } });

async function restore(url: string, { from = copy, migrations = MIGRATIONS, replace = false } = {}) {
  const restorable = readBackup(from, migrations, join(scratch, "restoring.db"));
  try {
    restorable.mark({ boot: "another that nobody has" });
    return await restorable.takePlace(url, { replace });
  } finally {
    restorable.discard();
  }
}

/** The URL of a database that holds one row of nearly everything; nobody is connected to it. */
async function inhabited(dialect: Dialect): Promise<string> {
  const { store, url, dispose } = await testStore(dialect);
  drops.push(dispose);
  const { t } = store;
  const times = { created_at: 1, updated_at: 2 };
  await store.write(async (tx) => {
    await tx.insert(t.installation).values({ id: 1, epoch: "e", boot: "b", secret_prints: ["p"], created_at: 1 });
    await tx.insert(t.tenants).values({ id: "t", name: "Häfen ⚓", host: null, registration: "open", directory: false, limits: {}, ...times });
    const named = { tenant_id: "t", password_hash: null, role: "owner" as const, kind: "person" as const, settings: { theme: "dark" } };
    const dated = { disabled_at: null, last_seen_at: 2 ** 41, rev: 1, changed_at: 1, ...times };
    await tx.insert(t.users).values([
      { id: "ann", username: "ann", display_name: "Ann's", ...named, ...dated },
      { id: "bot", username: null, display_name: '"; DROP TABLE users', ...named, ...dated },
    ]);
    await tx.insert(t.messages).values(Array.from({ length: 4_100 }, (_, i) => message(i + 1)));
  });
  await store.close();
  return url;
}

const message = (seq: number) => ({
  ...{ id: `m-${seq}`, tenant_id: "t", room_id: "r", sender_id: "ann", client_id: `c-${seq}`, seq, rev: seq, born_rev: seq },
  content: `no. ${seq} 🐚\n\t'"`,
  meta: seq % 2 === 0 ? { seq, text: "ß" } : null,
  mentions: seq % 3 === 0 ? ["ann"] : null,
  ...{ reply_to: null, created_at: 1_700_000_000_000 + seq, edited_at: null, removed_at: null },
});

async function empty(dialect: Dialect): Promise<string> {
  if (dialect === "sqlite") return `sqlite:${join(scratch, "restored.db")}`;
  const { url, drop } = await emptyTestDatabase();
  drops.push(drop);
  return url;
}

/** Every row of every table, and the boot. */
async function all(url: string) {
  const store = await open(url);
  const tables = await Promise.all(
    Object.entries(store.t).map(async ([name, table]) => {
      const rows = (await store.read.select().from(table)).map((row) => JSON.stringify({ ...row, boot: null })).sort();
      return [name, rows] as const;
    }),
  );
  await store.close();
  return Object.fromEntries(tables);
}

for (const from of DIALECTS)
  for (const into of DIALECTS)
    test(`a backup of ${from} restores into ${into}, row for row, and goes on from there`, async () => {
      const source = await inhabited(from);
      expect(await backedUp(source)).toMatchObject({ messages: 4_100, users: 2, rooms: 0 });
      const target = await empty(into);
      expect(await restore(target)).toMatchObject({ kept: { messages: 4_100, users: 2, rooms: 0 }, replaced: null });
      const [before, after] = [await all(source), await all(target)];
      expect(before.messages).toHaveLength(4_100);
      expect(after).toEqual(before);
      const store = await open(target);
      await store.write((tx) => tx.insert(store.t.messages).values(message(4_101)));
      expect(await store.read.$count(store.t.messages)).toBe(4_101);
      await store.close();
    });

test("a Postgres that a Snug is connected to is not filled", async () => {
  await backedUp(await inhabited("sqlite"));
  const { store, url, dispose } = await testStore("postgres");
  drops.push(dispose);
  expect(String(await rejection(restore(url)))).toContain("A Snug is connected");
  expect(await store.read.select().from(store.t.users)).toEqual([]);
});

describe.each(DIALECTS)("restoring into %s", (dialect) => {
  test("is refused over what is there, and changes nothing, unless that is said", async () => {
    await backedUp(await inhabited("sqlite"));
    const target = await empty(dialect);
    await restore(target);
    const store = await open(target);
    await store.write((tx) => tx.insert(store.t.messages).values(message(5_000)));
    await store.close();
    const before = await all(target);
    expect(await rejection(restore(target))).toBeInstanceOf(BackupRefused);
    expect(await all(target)).toEqual(before);
    await restore(target, { replace: true });
    expect((await all(target)).messages).toHaveLength(4_100);
  });

  test("brings an older backup to this program's schema", async () => {
    await backedUp(await inhabited(dialect));
    const migrations = later("ALTER TABLE users ADD COLUMN mood text;--> statement-breakpoint\nUPDATE users SET mood = 'calm'");
    const target = await empty(dialect);
    await restore(target, { migrations });
    expect((await all(target)).messages).toHaveLength(4_100);
    expect(existsSync(join(scratch, "restoring.db"))).toBe(false);
  });

  test("refuses a backup of a newer program, and leaves what is there", async () => {
    const source = await inhabited("sqlite");
    await backedUp(source);
    const migrations = later("ALTER TABLE users ADD COLUMN mood text");
    const target = await empty(dialect);
    await restore(target);
    const newer = join(scratch, "newer.db");
    await restore(`sqlite:${newer}`, { migrations });
    expect(await rejection(restore(target, { from: newer, replace: true }))).toBeInstanceOf(MigrationRefused);
    expect((await all(target)).messages).toHaveLength(4_100);
  });
});

test("a backup with an overwritten page is refused", async () => {
  await backedUp(await inhabited("sqlite"));
  const bytes = readFileSync(copy);
  const torn = join(scratch, "torn.db");
  writeFileSync(torn, Buffer.concat([bytes.subarray(0, 12 * 4_096), Buffer.alloc(4_096, 7), bytes.subarray(13 * 4_096)]));
  expect(String(await rejection(restore(await empty("sqlite"), { from: torn })))).toMatch(/damaged|cannot be read/u);
});

test("a database that is not there, and a Postgres without a Snug, are not backed up; no part is left", async () => {
  expect(await rejection(backedUp(`sqlite:${join(scratch, "none.db")}`))).toBeInstanceOf(BackupRefused);
  expect(await rejection(backedUp(await empty("postgres")))).toBeInstanceOf(BackupRefused);
  expect(existsSync(join(scratch, "none.db"))).toBe(false);
  expect(existsSync(copy) || existsSync(`${copy}.part`)).toBe(false);
});

/** A folder with our migrations and one after them, for both databases. */
function later(statements: string): string {
  const folder = join(scratch, "later");
  cpSync(MIGRATIONS, folder, { recursive: true });
  for (const dialect of DIALECTS) {
    const path = join(folder, dialect, "meta/_journal.json");
    const journal: { entries: unknown[] } = JSON.parse(readFileSync(path, "utf8"));
    journal.entries.push({ idx: journal.entries.length, version: "7", when: Date.UTC(2100, 0), tag: "9999_later", breakpoints: true });
    writeFileSync(path, JSON.stringify(journal));
    writeFileSync(join(folder, dialect, "9999_later.sql"), statements);
  }
  return folder;
}
