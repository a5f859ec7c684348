import { Database } from "bun:sqlite";
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { SQL } from "bun";
import { type Dialect, type EmptyDatabase, emptyDatabase, type Journal, journalOf } from "../server/testing/empty-database.ts";
import { MIGRATIONS } from "../server/testing/postgres.ts";
import { makeScratch } from "../server/testing/scratch.ts";
import { POSTGRES_LOCK } from "./migrate-postgres.ts";
import { migrate, MigrationRefused } from "./migrate.ts";
import { readMigrations } from "./migrations.ts";
import { openStore } from "./open.ts";
import { rejection } from "./store.cast.ts";

let scratch: string;
beforeEach(() => void (scratch = makeScratch("migrate")));
afterEach(() => rmSync(scratch, { recursive: true, force: true }));

const spine = journalOf("sqlite").entries.map(({ tag }) => tag);

/** A folder with our migrations and, after them, one that a later version of Snug might bring. */
function later(dialect: Dialect, statements: string): string {
  const folder = join(scratch, "later");
  cpSync(MIGRATIONS, folder, { recursive: true });
  const journal = journalOf(dialect);
  journal.entries.push({ idx: journal.entries.length, version: "7", when: Date.UTC(2100, 0), tag: "9999_later", breakpoints: true });
  writeFileSync(join(folder, dialect, "meta/_journal.json"), JSON.stringify(journal));
  writeFileSync(join(folder, dialect, "9999_later.sql"), statements);
  return folder;
}

for (const dialect of ["sqlite", "postgres"] as const)
  describe(`migrating ${dialect}`, () => {
    let empty: EmptyDatabase;
    beforeEach(async () => void (empty = await emptyDatabase(dialect, scratch)));
    afterEach(() => empty.remove());

    const aUser =
      "INSERT INTO users (tenant_id, id, display_name, role, kind, settings, rev, changed_at, created_at, updated_at) VALUES ('t', 'ann', '', 'owner', 'person', '{}', 1, 1, 1, 1)";

    test("an empty database gets every table, and a second time finds nothing to do", async () => {
      expect(await migrate(empty.url, MIGRATIONS)).toEqual({ applied: spine, snapshot: null });
      expect(await migrate(empty.url, MIGRATIONS)).toEqual({ applied: [], snapshot: null });
      const store = await openStore(empty.url, { postgres: { allow_unsafe_durability: true, pool: 2 } });
      for (const table of Object.values(store.t)) expect(await store.read.select().from(table)).toEqual([]);
      await store.close();
    });

    test("a later migration is applied to a database in use, and its rows stay", async () => {
      await migrate(empty.url, MIGRATIONS);
      await empty.rows(aUser);
      const { applied } = await migrate(
        empty.url,
        later(dialect, "ALTER TABLE users ADD COLUMN mood text;--> statement-breakpoint\nUPDATE users SET mood = 'calm'"),
      );
      expect(applied).toEqual(["9999_later"]);
      expect(await empty.rows("SELECT id, mood FROM users")).toEqual([{ id: "ann", mood: "calm" }]);
    });

    test("a database newer than the program is refused, and is not changed", async () => {
      await migrate(empty.url, later(dialect, "ALTER TABLE users ADD COLUMN mood text"));
      const fault = await rejection(migrate(empty.url, MIGRATIONS));
      expect(fault).toBeInstanceOf(MigrationRefused);
      expect(String(fault)).toContain("newer version of Snug");
      expect(await empty.rows("SELECT mood FROM users")).toEqual([]);
      expect((await migrate(empty.url, join(scratch, "later"))).applied).toEqual([]);
    });

    test("a migration that was altered after it was applied is refused", async () => {
      const folder = later(dialect, "ALTER TABLE users ADD COLUMN mood text");
      await migrate(empty.url, folder);
      writeFileSync(join(folder, dialect, "9999_later.sql"), "ALTER TABLE users ADD COLUMN temper text");
      expect(await rejection(migrate(empty.url, folder))).toBeInstanceOf(MigrationRefused);
    });

    test("a migration that comes between two applied ones is refused, not skipped", async () => {
      const folder = later(dialect, "ALTER TABLE users ADD COLUMN mood text");
      await migrate(empty.url, folder);
      const journal: Journal = JSON.parse(readFileSync(join(folder, dialect, "meta/_journal.json"), "utf8"));
      journal.entries.splice(-1, 0, { idx: 1, version: "7", when: Date.UTC(2099, 0), tag: "9998_between", breakpoints: true });
      writeFileSync(join(folder, dialect, "meta/_journal.json"), JSON.stringify(journal));
      writeFileSync(join(folder, dialect, "9998_between.sql"), "ALTER TABLE users ADD COLUMN temper text");
      expect(await rejection(migrate(empty.url, folder))).toBeInstanceOf(MigrationRefused);
    });

    test("a migration that fails half-way leaves nothing of itself, and may be tried again", async () => {
      await migrate(empty.url, MIGRATIONS);
      const folder = later(dialect, "ALTER TABLE users ADD COLUMN mood text;--> statement-breakpoint\nINSERT INTO nowhere VALUES (1)");
      expect(await rejection(migrate(empty.url, folder))).toBeInstanceOf(Error);
      writeFileSync(join(folder, dialect, "9999_later.sql"), "ALTER TABLE users ADD COLUMN mood text");
      expect((await migrate(empty.url, folder)).applied).toEqual(["9999_later"]);
    });

    test("of four processes that start at once one migrates and the others find it done", async () => {
      const program = `import { migrate } from ${JSON.stringify(join(import.meta.dir, "migrate.ts"))};
        for await (const _signal of console) break;
        console.log(JSON.stringify(await migrate(process.argv[1], process.argv[2])))`;
      const children = Array.from({ length: 4 }, () =>
        Bun.spawn([process.execPath, "-e", program, empty.url, MIGRATIONS], { stdin: "pipe", stdout: "pipe", stderr: "inherit" }),
      );
      for (const { stdin } of children) {
        await stdin.write("now\n");
        await stdin.end();
      }
      const told: { applied: string[] }[] = await Promise.all(children.map(async (child) => JSON.parse(await new Response(child.stdout).text())));
      expect(told.filter(({ applied }) => applied.length > 0)).toHaveLength(1);
      expect(told.flatMap(({ applied }) => applied)).toEqual(spine);
    });
  });

test("migrating postgres waits while another process migrates", async () => {
  const empty = await emptyDatabase("postgres", scratch);
  const other = new SQL(empty.url, { max: 1 });
  await other`SELECT pg_advisory_lock(${POSTGRES_LOCK})`;
  const migrating = migrate(empty.url, MIGRATIONS);
  while ((await other`SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted`).length === 0); // until it waits: each look is a round trip
  expect(await empty.rows("SELECT 1 FROM information_schema.tables WHERE table_name = 'users'")).toEqual([]);
  await other`SELECT pg_advisory_unlock(${POSTGRES_LOCK})`;
  expect((await migrating).applied).toEqual(spine);
  await other.close();
  await empty.remove();
});

describe("migrating a SQLite database in use", () => {
  const path = () => join(scratch, "snug.db");
  const inside = <R>(work: (database: Database) => R): R => {
    const database = new Database(path());
    try {
      return work(database);
    } finally {
      database.close();
    }
  };
  beforeEach(async () => {
    await migrate(path(), MIGRATIONS);
    inside((database) => database.run("INSERT INTO mentions VALUES ('t', 'r', 'ann', 1)"));
  });

  test("a copy of what it was is kept beside it, and only one", async () => {
    const folder = later("sqlite", "DELETE FROM mentions");
    const { snapshot } = await migrate(path(), folder);
    expect(inside((database) => database.query("SELECT * FROM mentions").all())).toEqual([]);
    const copy = new Database(snapshot ?? "", { readonly: true });
    expect(copy.query("SELECT user_id FROM mentions").all()).toEqual([{ user_id: "ann" }]);
    copy.close();
    expect(
      readdirSync(scratch)
        .filter((name) => name.startsWith("snug.db"))
        .toSorted(),
    ).toEqual(["snug.db", "snug.db.before-9999_later"]);
    expect((await migrate(snapshot ?? "", MIGRATIONS)).applied).toEqual([]);
  });

  test("a copy from an attempt that failed is replaced by one of the present state", async () => {
    const folder = later("sqlite", "INSERT INTO nowhere VALUES (1)");
    await rejection(migrate(path(), folder));
    expect(existsSync(`${path()}.before-9999_later`)).toBe(true);
    inside((database) => database.run("INSERT INTO mentions VALUES ('t', 'r', 'bob', 2)"));
    writeFileSync(join(folder, "sqlite/9999_later.sql"), "DELETE FROM mentions");
    const { snapshot } = await migrate(path(), folder);
    const copy = new Database(snapshot ?? "", { readonly: true });
    expect(copy.query("SELECT user_id FROM mentions ORDER BY seq").all()).toEqual([{ user_id: "ann" }, { user_id: "bob" }]);
    copy.close();
  });

  test("no copy is made where there is nothing to do, and no migration where no copy can be made", async () => {
    expect((await migrate(path(), MIGRATIONS)).snapshot).toBeNull();
    const folder = later("sqlite", "DELETE FROM mentions");
    mkdirSync(`${path()}.before-9999_later.part/in-the-way`, { recursive: true });
    expect(await rejection(migrate(path(), folder))).toBeInstanceOf(Error);
    expect(inside((database) => database.query("SELECT user_id FROM mentions").all())).toEqual([{ user_id: "ann" }]);
  });

  test("it waits while another process migrates, and then finds it done", async () => {
    const folder = later("sqlite", "ALTER TABLE users ADD COLUMN mood text");
    const last = readMigrations(join(folder, "sqlite")).at(-1);
    const program = `import { Database } from "bun:sqlite"; const other = new Database(process.argv[1]); other.run("BEGIN IMMEDIATE");
      other.run("ALTER TABLE users ADD COLUMN mood text"); other.run("INSERT INTO __drizzle_migrations (hash, created_at) VALUES (?, ?)", [process.argv[2], Number(process.argv[3])]);
      console.log("migrating"); Bun.sleepSync(50); other.run("COMMIT")`;
    const child = Bun.spawn([process.execPath, "-e", program, path(), last?.hash ?? "", String(last?.when)], { stdout: "pipe" });
    await child.stdout.getReader().read();
    expect(await migrate(path(), folder)).toEqual({ applied: [], snapshot: null });
    expect(inside((database) => database.query("SELECT mood FROM users").all())).toEqual([]);
    expect(await child.exited).toBe(0);
  });

  test("a table that is rebuilt keeps the rows that point to it, and one that would lose them is refused", async () => {
    inside((database) => {
      database.run("CREATE TABLE parents (id integer PRIMARY KEY)");
      database.run("CREATE TABLE children (id integer PRIMARY KEY, parent integer NOT NULL REFERENCES parents (id) ON DELETE CASCADE)");
      database.run("INSERT INTO parents VALUES (1)");
      database.run("INSERT INTO children VALUES (1, 1)");
    });
    const breakpoint = "--> statement-breakpoint\n";
    const rebuild = (rows: string) =>
      [
        "CREATE TABLE new_parents (id integer PRIMARY KEY, name text);",
        `INSERT INTO new_parents ${rows};`,
        "DROP TABLE parents;",
        "ALTER TABLE new_parents RENAME TO parents;",
      ].join(breakpoint);
    const folder = later("sqlite", rebuild("SELECT id, '' FROM parents WHERE id > 1"));
    expect(await rejection(migrate(path(), folder))).toBeInstanceOf(MigrationRefused);
    writeFileSync(join(folder, "sqlite/9999_later.sql"), rebuild("SELECT id, '' FROM parents"));
    await migrate(path(), folder);
    expect(inside((database) => database.query("SELECT * FROM children").all())).toEqual([{ id: 1, parent: 1 }]);
  });
});
