/** A fresh, migrated, empty store for a test, on the database that `SNUG_TEST_STORE` names: `sqlite` (the default) or `postgres`. */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { migrate } from "../../db/migrate.ts";
import { openStore, type StoreOptions } from "../../db/open.ts";
import type { Store } from "../../db/store.ts";
import { MIGRATIONS, testDatabase } from "./postgres.ts";
import { makeScratch } from "./scratch.ts";

// Rows by the hundred are built between two statements of one write here, on two cores that everybody shares: the second of the product is for a process
// that was cut off, which `bun run faults --instances 2` shows with processes of their own.
const SILENT_MS = 20_000;

export type Dialect = "sqlite" | "postgres";

export type TestStore = {
  store: Store;
  /** Opens the same database again, as openStore's first argument. */
  url: string;
  /** Closes the store and removes its database. May be called twice. */
  dispose: () => Promise<void>;
};

export async function testStore(dialect: Dialect = chosen(), options: StoreOptions = {}): Promise<TestStore> {
  const { url, remove } = dialect === "sqlite" ? await sqliteDatabase() : await postgresDatabase();
  const store = await openStore(url, {
    sqlite: options.sqlite ?? {},
    postgres: { pool: 4, allow_unsafe_durability: true, silent_ms: SILENT_MS, ...options.postgres },
  });
  let disposed: Promise<void> | null = null;
  return { store, url, dispose: () => (disposed ??= store.close().then(remove)) };
}

function chosen(): Dialect {
  const name = process.env.SNUG_TEST_STORE ?? "sqlite";
  if (name !== "sqlite" && name !== "postgres") throw new Error(`SNUG_TEST_STORE is sqlite or postgres, not ${name}`);
  return name;
}

type Fresh = { url: string; remove: () => Promise<void> };

async function postgresDatabase(): Promise<Fresh> {
  const { url, drop } = await testDatabase();
  return { url, remove: drop };
}

let template: Promise<Buffer> | null = null;

async function sqliteDatabase(): Promise<Fresh> {
  const contents = await (template ??= makeTemplate());
  const folder = makeScratch("store");
  const path = join(folder, "snug.db");
  writeFileSync(path, contents);
  return { url: `sqlite:${path}`, remove: async () => rmSync(folder, { recursive: true, force: true }) };
}

/** A migrated database, some hundred kilobytes, kept in memory so that no file outlives the tests. */
async function makeTemplate(): Promise<Buffer> {
  const folder = makeScratch("template");
  try {
    await migrate(join(folder, "snug.db"), MIGRATIONS);
    return readFileSync(join(folder, "snug.db"));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
