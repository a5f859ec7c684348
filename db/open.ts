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

/** Throws for a scheme that is neither; `sqlite:a.db` and `sqlite://a.db` name a file of the working directory, `sqlite:///a.db` one of the root. */
export function placeOf(url: string): Place {
  if (/^postgres(ql)?:\/\//.test(url)) return { dialect: "postgres", url };
  const path = url.replace(/^sqlite:(\/\/)?/, "");
  if (/^[a-z][a-z0-9+.-]+:/i.test(path)) throw new Error("A database is postgres://… or sqlite:<path>");
  if (path === "" || path === ":memory:") throw new Error("A SQLite database needs a file: sqlite:<path>");
  return { dialect: "sqlite", path };
}
