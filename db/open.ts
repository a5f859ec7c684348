/** Which store a URL means: the one place that knows both. */
import { openPostgres, type PostgresOptions } from "./postgres.ts";
import { openSqlite, type SqliteOptions } from "./sqlite.ts";
import type { Store } from "./store.ts";

export type StoreOptions = { sqlite?: SqliteOptions; postgres?: PostgresOptions };

export type Place = { dialect: "postgres"; url: string } | { dialect: "sqlite"; path: string };

/** Opens the migrated database that `url` names: `postgres://…`, `sqlite:<path>`, or a bare path. */
export async function openStore(url: string, options: StoreOptions = {}): Promise<Store> {
  const place = placeOf(url);
  if (place.dialect === "postgres") return await openPostgres(place.url, options.postgres);
  return openSqlite(place.path, options.sqlite);
}

const SCHEME = /^([a-z][a-z0-9-]{0,31})\+/u;

/** The scheme that a plugin answers for, before one of ours: `timed` of `timed+sqlite:<path>`; null without one. */
export const schemeOf = (url: string): string | null => SCHEME.exec(url)?.[1] ?? null;

/**
 * The database of ours that it is, whoever stands over it. Throws for a scheme that is neither; `sqlite:a.db` and `sqlite://a.db` name a file of the working
 * directory, `sqlite:///a.db` one of the root.
 */
export function placeOf(given: string): Place {
  const url = given.replace(SCHEME, "");
  if (/^postgres(ql)?:\/\//.test(url)) return { dialect: "postgres", url };
  const path = url.replace(/^sqlite:(\/\/)?/, "");
  if (/^[a-z][a-z0-9+.-]+:/i.test(path)) throw new Error("A database is postgres://… or sqlite:<path>");
  if (path === "" || path === ":memory:") throw new Error("A SQLite database needs a file: sqlite:<path>");
  return { dialect: "sqlite", path };
}
