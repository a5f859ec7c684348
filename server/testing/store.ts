/** A fresh, migrated, empty store for a test, on the database that `SNUG_TEST_STORE` names: `sqlite` (the default) or `postgres`. */
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { migrate } from "../../db/migrate.ts";
import { openStore, type StoreOptions } from "../../db/open.ts";
import type { Store } from "../../db/store.ts";
import { MIGRATIONS, testDatabase } from "./postgres.ts";

export type Dialect = "sqlite" | "postgres";

export type TestStore = {
  store: Store;
  /** Opens the same database again, as openStore's first argument. */
  url: string;
  /** Closes the store and removes its database. May be called twice. */
  dispose(): Promise<void>;
};

export async function testStore(dialect: Dialect = chosen(), options: StoreOptions = {}): Promise<TestStore> {
  const { url, remove } = dialect === "sqlite" ? await sqliteDatabase() : await postgresDatabase();
  const store = await openStore(url, { sqlite: options.sqlite ?? {}, postgres: { pool: 4, allow_unsafe_durability: true, ...options.postgres } });
  let disposed: Promise<void> | null = null;
  return { store, url, dispose: () => (disposed ??= store.close().then(remove)) };
}

function chosen(): Dialect {
  const name = process.env.SNUG_TEST_STORE ?? "sqlite";
  if (name !== "sqlite" && name !== "postgres") throw new Error(`SNUG_TEST_STORE is sqlite or postgres, not ${name}`);
  return name;
}

type Fresh = { url: string; remove(): Promise<void> };

async function postgresDatabase(): Promise<Fresh> {
  const { url, drop } = await testDatabase();
  return { url, remove: drop };
}

let folder: string | null = null;
let made = 0;
let template: Promise<string> | null = null;

async function sqliteDatabase(): Promise<Fresh> {
  const source = await (template ??= makeTemplate());
  const path = join(ownFolder(), `${++made}.db`);
  copyFileSync(source, path);
  return {
    url: `sqlite:${path}`,
    remove: async () => {
      for (const end of ["", "-wal", "-shm"]) rmSync(path + end, { force: true });
    },
  };
}

async function makeTemplate(): Promise<string> {
  const path = join(ownFolder(), "template.db");
  await migrate(path, MIGRATIONS);
  return path;
}

function ownFolder(): string {
  if (folder === null) {
    const made = mkdtempSync(join(tmpdir(), "snug-test-"));
    process.once("exit", () => rmSync(made, { recursive: true, force: true }));
    folder = made;
  }
  return folder;
}
