import { Database } from "bun:sqlite";
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { existsSync, readFileSync, statSync } from "node:fs";
import { type TestStore, testStore } from "../server/testing/store.ts";
import { storeFaultOf } from "./faults.ts";
import { openConnection, refuseUnsafe } from "./sqlite-connection.ts";
import { openSqlite } from "./sqlite.ts";
import { idsOf, insertUser, rejection } from "./store.cast.ts";
import type { Island, Store, Tx } from "./store.ts";

describe("the store in SQLite", () => {
  let opened: TestStore;
  let store: Store;
  let path: string;
  beforeEach(async () => {
    opened = await testStore("sqlite", { sqlite: { checkpoint_pages: 50 } });
    store = opened.store;
    path = opened.url.slice("sqlite:".length);
  });
  afterEach(() => opened.dispose());

  const insert = (id: string) => store.write((tx) => insertUser(tx, id));
  /** Fills whole pages, so that it needs new ones. */
  const insertLong = (tx: Tx, id: string) => tx.ask(addLong, [id, "x".repeat(20_000)]);

  test("a hundred writes of one turn are one commit, with one flush; one after another they are a hundred", async () => {
    await insert("first");
    const before = commitsIn(path);
    await Promise.all(Array.from({ length: 100 }, (_, n) => insert(`u${n}`)));
    expect(commitsIn(path) - before).toBe(1);
    for (let n = 0; n < 100; n++) await insert(`v${n}`);
    expect(commitsIn(path) - before).toBe(101);
    expect(await idsOf(store.read)).toHaveLength(201);
  });

  test("works run in the order they were asked for, one after another", async () => {
    const steps: string[] = [];
    const work = (name: string) =>
      store.write(async () => {
        steps.push(`${name} begins`);
        await Promise.resolve();
        steps.push(`${name} ends`);
      });
    await Promise.all([work("a"), work("b"), work("c")]);
    expect(steps).toEqual(["a begins", "a ends", "b begins", "b ends", "c begins", "c ends"]);
  });

  test("to let go of what was only read takes nothing from a transaction that is under way, nor from who reads", async () => {
    await insert("before");
    const writing = store.write(async (tx) => {
      await insertLong(tx, "long");
      await Promise.resolve();
      store.shrink?.();
      await insertUser(tx, "after");
    });
    store.shrink?.();
    expect(await idsOf(store.read)).toEqual(["before"]);
    await writing;
    expect((await idsOf(store.read)).toSorted()).toEqual(["after", "before", "long"]);
  });

  test("a commit that fails rejects all its works and stores nothing of them", async () => {
    await store.write(async (tx) => {
      await tx.ask({ text: "CREATE TABLE parents (id integer PRIMARY KEY)" }, []);
      await tx.ask({ text: "CREATE TABLE children (parent integer REFERENCES parents (id) DEFERRABLE INITIALLY DEFERRED)" }, []);
    });
    const orphan = (tx: Tx) => tx.ask({ text: "INSERT INTO children VALUES (1)" }, []); // noticed by COMMIT alone
    const outcomes = await Promise.allSettled([insert("ann"), store.write(orphan), insert("bob")]);
    expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "rejected", "rejected"]);
    expect(await idsOf(store.read)).toEqual([]);
    await insert("cy");
    expect(await idsOf(store.read)).toEqual(["cy"]);
  });

  describe("on a full disk", () => {
    const fill = () => store.write(async (tx) => void (await tx.ask({ text: `PRAGMA max_page_count = ${await pages(tx)}` }, [])));
    const clear = () => store.write((tx) => tx.ask({ text: "PRAGMA max_page_count = 1000000" }, []));

    test("in mid-group the whole group is refused as full, reads go on, and writes go on once there is room", async () => {
      await insert("before");
      await fill();
      const ran: string[] = [];
      const outcomes = await Promise.allSettled([
        insert("small"),
        store.write((tx) => insertLong(tx, "long")),
        store.write(async (tx) => {
          ran.push("a work after the failure");
          await insertUser(tx, "after");
        }),
      ]);
      expect(outcomes.map((outcome) => outcome.status === "rejected" && storeFaultOf(outcome.reason))).toEqual([
        { kind: "full" },
        { kind: "full" },
        { kind: "full" },
      ]);
      expect(ran).toEqual([]);
      expect(await idsOf(store.read)).toEqual(["before"]);
      await clear();
      await store.write((tx) => insertLong(tx, "long"));
      expect(await idsOf(store.read)).toEqual(["before", "long"]);
    });

    test("a work that swallows the failure cannot go on outside the transaction", async () => {
      await fill();
      const stubborn = store.write(async (tx) => {
        await insertUser(tx, "before the failure");
        await rejection(insertLong(tx, "long"));
        await insertUser(tx, "after the failure");
      });
      const silent = store.write(async (tx) => void (await rejection(insertLong(tx, "long"))));
      expect(await rejection(stubborn)).toBeInstanceOf(Error);
      expect(await rejection(silent)).toBeInstanceOf(Error);
      expect(await idsOf(store.read)).toEqual([]);
      await insert("small");
      expect(await idsOf(store.read)).toEqual(["small"]);
    });

    test("after a failure the store is ready only by a write that reaches the disk", async () => {
      expect(await store.ready()).toBe(true);
      await fill();
      await rejection(store.write((tx) => insertLong(tx, "long")));
      const probed = commitsIn(path);
      expect(await store.ready()).toBe(true); // the probe itself still fits: it really was written
      expect(commitsIn(path)).toBe(probed + 1);
      expect(await store.ready()).toBe(true);
      expect(commitsIn(path)).toBe(probed + 1);
    });
  });

  test("the store is not ready while another process holds the write lock, and a write is refused as away", async () => {
    const other = new Database(path);
    await store.write((tx) => tx.ask({ text: "SELECT 1" }, []));
    other.run("BEGIN IMMEDIATE");
    const impatient = openSqlite(path, { busy_ms: 1 });
    expect(await impatient.ready()).toBe(false);
    expect(storeFaultOf(await rejection(impatient.write((tx) => insertUser(tx, "ann"))))).toEqual({ kind: "away" });
    other.run("ROLLBACK");
    expect(await impatient.ready()).toBe(true);
    await impatient.write((tx) => insertUser(tx, "bob"));
    expect(await idsOf(store.read)).toEqual(["bob"]);
    await impatient.close();
    other.close();
  });

  test("the WAL is copied into the file by tend alone, and is then used from its beginning", async () => {
    const file = statSync(path).size;
    for (let n = 0; n < 60; n++) await store.write((tx) => insertLong(tx, `u${n}`));
    const grown = statSync(`${path}-wal`).size;
    expect(grown).toBeGreaterThan(60 * 20_000);
    expect(statSync(path).size).toBe(file);
    await store.tend();
    expect(statSync(path).size).toBeGreaterThan(60 * 20_000);
    for (let n = 0; n < 40; n++) await store.write((tx) => insertLong(tx, `v${n}`));
    expect(statSync(`${path}-wal`).size).toBe(grown);
    expect(await idsOf(store.read)).toHaveLength(100);
  });

  test("a small WAL is left alone by tend", async () => {
    await insert("ann");
    const file = statSync(path).mtimeMs;
    await store.tend();
    expect(statSync(path).mtimeMs).toBe(file);
    expect(commitsIn(path)).toBeGreaterThan(0);
  });

  test("tend tells of another process' commit, once, and never of our own", async () => {
    let heard = 0;
    store.onForeignCommit(() => heard++);
    await insert("ann");
    await store.tend();
    expect(heard).toBe(0);
    const other = new Database(path);
    other.run("UPDATE users SET rev = 9");
    other.close();
    await store.tend();
    await store.tend();
    expect(heard).toBe(1);
    expect(await store.read.ask({ text: "SELECT rev FROM users" }, [])).toEqual([{ rev: 9 }]);
  });

  test("a moment is the same until something is committed, by this process or another", async () => {
    const moment = (): number | undefined => store.moment?.();
    const [first, again] = [moment(), moment()];
    expect(again).toBe(first);
    await store.read.ask({ text: "SELECT rev FROM users" }, []);
    expect(moment()).toBe(first);
    await insert("ann");
    const second = moment();
    expect(second).not.toBe(first);
    const takenBack = store.write(async (tx) => {
      await insertUser(tx, "bob");
      throw new Error("taken back");
    });
    expect(await takenBack.catch(String)).toBe("Error: taken back");
    expect(moment()).toBe(second);
    const other = new Database(path);
    other.run("UPDATE users SET rev = 9");
    other.close();
    expect(moment()).not.toBe(second);
    await store.write(async () => expect(moment).toThrow("store.read inside a work"));
  });

  test("close leaves one file that holds everything", async () => {
    await insert("ann");
    await store.close();
    expect([existsSync(`${path}-wal`), existsSync(`${path}-shm`)]).toEqual([false, false]);
    const alone = new Database(path, { readonly: true });
    expect(alone.query("SELECT id FROM users").all()).toEqual([{ id: "ann" }]);
    alone.close();
  });

  test("close leaves no WAL to copy though another process keeps the file open", async () => {
    const other = new Database(path);
    other.query("SELECT count(*) FROM users").get();
    await insert("ann");
    expect(statSync(`${path}-wal`).size).toBeGreaterThan(0);
    await store.close();
    expect(statSync(`${path}-wal`).size).toBe(0);
    expect(other.query("SELECT id FROM users").all()).toEqual([{ id: "ann" }]);
    other.close();
  });

  test("a connection writes with everything flushed, and no checkpoint of its own", async () => {
    const read = async (tx: Tx, name: string) => Object.values((await tx.ask<Record<string, unknown>>({ text: `PRAGMA ${name}` }, []))[0] ?? {})[0];
    const names = [
      "journal_mode",
      "synchronous",
      "foreign_keys",
      "busy_timeout",
      "trusted_schema",
      "cell_size_check",
      "cache_spill",
      "wal_autocheckpoint",
    ];
    const values = await store.write(async (tx) => {
      const found: unknown[] = [];
      for (const name of names) found.push(await read(tx, name));
      return found;
    });
    expect(values).toEqual(["wal", 2, 1, 5_000, 0, 1, 0, 0]);
  });

  test("a file that another process is just making is waited for", async () => {
    const program = `import { Database } from "bun:sqlite"; const other = new Database(process.argv[1]);
      other.run("CREATE TABLE things (id)"); other.run("BEGIN IMMEDIATE"); console.log("holds the lock"); Bun.sleepSync(50); other.run("COMMIT")`;
    const child = Bun.spawn([process.execPath, "-e", program, `${path}.new`], { stdout: "pipe" });
    await child.stdout.getReader().read();
    const made = openConnection(`${path}.new`);
    expect(made.query("PRAGMA journal_mode").get()).toEqual({ journal_mode: "wal" });
    made.close();
    expect(await child.exited).toBe(0);
  });

  test("a database whose commits could be lost with the power, or whose SQLite is too old, is refused", () => {
    expect(() => refuseUnsafe({ version: "3.51.3", synchronous: 2 })).not.toThrow();
    expect(() => refuseUnsafe({ version: "3.54.1", synchronous: 2 })).not.toThrow();
    expect(() => refuseUnsafe({ version: "3.51.3", synchronous: 1 })).toThrow("synchronous");
    expect(() => refuseUnsafe({ version: "3.51.2", synchronous: 2 })).toThrow("3.51.2");
    expect(() => refuseUnsafe({ version: "3.9.0", synchronous: 2 })).toThrow("3.9.0");
  });
});

const addLong: Island<never> = {
  text: `INSERT INTO users (tenant_id, id, display_name, role, kind, settings, rev, changed_at, created_at, updated_at)
    VALUES ('t', $1, $2, 'member', 'person', '{}', 1, 1, 1, 1)`,
};

async function pages(tx: Tx): Promise<number> {
  const [row] = await tx.ask<{ page_count: number }>({ text: "PRAGMA page_count" }, []);
  return row?.page_count ?? 0;
}

/** Commits in the WAL: the frames that say how large the database is after them, as far as they belong to the WAL's present round. */
function commitsIn(path: string): number {
  const wal = readFileSync(`${path}-wal`);
  if (wal.length === 0) return 0;
  const frame = 24 + wal.readUInt32BE(8);
  let commits = 0;
  for (let at = 32; at + frame <= wal.length; at += frame) {
    if (wal.readUInt32BE(at + 4) > 0 && wal.compare(wal, 16, 24, at + 8, at + 16) === 0) commits++;
  }
  return commits;
}
