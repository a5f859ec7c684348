/**
 * A real Postgres for tests, without a manual step. `startTestPostgres` runs a throwaway server on 127.0.0.1; `testDatabase` gives a fresh
 * migrated database on the server of this run: `TEST_DATABASE_URL` if somebody has one, else `SNUG_TEST_POSTGRES` (scripts/check.ts starts
 * one for all its processes), else one started by and for this process. A server never outlives whoever started it, however that ended.
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { SQL } from "bun";
import { migrate } from "../../db/migrate.ts";
import { startTestPostgres } from "./postgres-server.ts";

export const MIGRATIONS = resolve(import.meta.dir, "../../db/migrations");

export type TestDatabase = {
  /** Names the fresh database; it holds no row. */
  url: string;
  /** Drops it, whoever is still connected. */
  drop: () => Promise<void>;
};

/** A fresh database cloned from a migrated template, which is made once per server and set of migrations. */
export async function testDatabase(): Promise<TestDatabase> {
  const { admin, url } = await server();
  const template = await templateOf(admin, url);
  return create(admin, url, `TEMPLATE ${template}`);
}

/** A fresh database without any table. */
export async function emptyTestDatabase(): Promise<TestDatabase> {
  const { admin, url } = await server();
  return create(admin, url, "");
}

type Server = { admin: SQL; url: string };
let started: Promise<Server> | null = null;
let template: Promise<string> | null = null;
let made = 0;

const server = (): Promise<Server> => (started ??= findServer());

async function findServer(): Promise<Server> {
  const url = process.env.TEST_DATABASE_URL ?? process.env.SNUG_TEST_POSTGRES ?? (await startTestPostgres()).url;
  process.env.SNUG_TEST_POSTGRES ??= url; // for processes that this one starts, and for modules loaded afresh in it
  return { url, admin: new SQL(url, { max: 1 }) };
}

async function create(admin: SQL, url: string, from: string): Promise<TestDatabase> {
  const name = `snug_test_${process.pid}_${++made}_${Math.random().toString(36).slice(2, 8)}`;
  await admin.unsafe(`CREATE DATABASE ${name} ${from}`);
  return {
    url: inDatabase(url, name),
    drop: async () => {
      await untilLeft(admin, name);
      await admin.unsafe(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    },
  };
}

/** A closed connection takes a moment to end on the server, for which DROP would wait a tenth of a second. */
async function untilLeft(admin: SQL, name: string): Promise<void> {
  for (let looks = 0; looks < 20; looks++) {
    const connected = await admin`SELECT 1 FROM pg_stat_activity WHERE datname = ${name}`;
    if (connected.length === 0) return;
    await Bun.sleep(2);
  }
}

function templateOf(admin: SQL, url: string): Promise<string> {
  return (template ??= makeTemplate(admin, url));
}

/** Several processes of one run share the server: one makes the template while the others wait. */
async function makeTemplate(admin: SQL, url: string): Promise<string> {
  const journal = readFileSync(`${MIGRATIONS}/postgres/meta/_journal.json`);
  const name = `snug_template_${createHash("sha256").update(journal).digest("hex").slice(0, 12)}`;
  await admin`SELECT pg_advisory_lock(${TEMPLATE_LOCK})`;
  try {
    const [found] = await admin`SELECT 1 FROM pg_database WHERE datname = ${name}`;
    if (found === undefined) {
      await admin.unsafe(`DROP DATABASE IF EXISTS ${name}_new WITH (FORCE)`);
      await admin.unsafe(`CREATE DATABASE ${name}_new`);
      await migrate(inDatabase(url, `${name}_new`), MIGRATIONS);
      await admin.unsafe(`ALTER DATABASE ${name}_new RENAME TO ${name}`); // only a finished one gets the name
    }
  } finally {
    await admin`SELECT pg_advisory_unlock(${TEMPLATE_LOCK})`;
  }
  return name;
}

const TEMPLATE_LOCK = 727_275; // any number, as long as it is not the one of db/migrate.ts

function inDatabase(url: string, name: string): string {
  const other = new URL(url);
  other.pathname = `/${name}`;
  return other.href;
}
