/**
 * The column words that both dialects spell differently. Postgres is the canonical type because its query API is the smaller one:
 * what type-checks against it exists on SQLite too. The kit of SQLite is therefore handed out under the type of Postgres.
 * Times are integer milliseconds and flags are booleans on both; text compares by bytes on both (`COLLATE "C"`), so that an order
 * made in SQL equals an order made in JavaScript.
 */
import * as pg from "drizzle-orm/pg-core";
import * as sl from "drizzle-orm/sqlite-core";

const pgText = pg.customType<{ data: string; driverData: string }>({ dataType: () => 'text COLLATE "C"' });

/** JSON lives in a text column on both: `jsonb` through Bun.sql is encoded twice (drizzle-orm 0.45). Objects and arrays only. */
const pgJson = <T extends object>(name: string) =>
  pg.customType<{ data: T; driverData: string }>({
    dataType: () => "text",
    toDriver: (value) => JSON.stringify(value),
    fromDriver: (text): T => JSON.parse(text),
  })(name);

const slJson = <T extends object>(name: string) =>
  sl.customType<{ data: T; driverData: string }>({
    dataType: () => "text",
    toDriver: (value) => JSON.stringify(value),
    fromDriver: (text): T => JSON.parse(text),
  })(name);

export const postgres = {
  table: pg.pgTable,
  text: (name: string) => pgText(name),
  int: (name: string) => pg.bigint(name, { mode: "number" }),
  flag: (name: string) => pg.boolean(name),
  json: pgJson,
  primaryKey: pg.primaryKey,
  index: pg.index,
  uniqueIndex: pg.uniqueIndex,
};

export type Kit = typeof postgres;

const sqliteKit = {
  table: sl.sqliteTable,
  text: (name: string) => sl.text(name),
  int: (name: string) => sl.integer(name, { mode: "number" }),
  flag: (name: string) => sl.integer(name, { mode: "boolean" }),
  json: slJson,
  primaryKey: sl.primaryKey,
  index: sl.index,
  uniqueIndex: sl.uniqueIndex,
};

// The one cast of the data layer: same names, same values in and out, the other dialect's builders underneath.
export const sqlite = sqliteKit as unknown as Kit;
