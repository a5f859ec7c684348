/**
 * Which history this database is. A client's cursor means something in one history only, so a restored copy must not pass for it: it gets
 * another epoch, and every resume into it is a `reset`.
 *
 * SQLite: a fresh `boot` at each start, first beside the database (`old,new`), then in it, then beside it (`new`). A database whose boot does
 * not stand beside it is a copy. Postgres: nothing beside it; the row holds what the cluster says it is.
 */
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { eq } from "drizzle-orm";
import { clusterOf } from "../db/cluster.ts";
import type { Store } from "../db/store.ts";
import { newSecret } from "./ids.ts";

export class WrongSecret extends Error {
  override readonly name = "WrongSecret";
  constructor() {
    super("This database was made with another secret. Start with the secret it was made with (as one of its lines).");
  }
}

export type Installation = { epoch: string };

/** Opens the history for this start, or begins one. Throws WrongSecret when none of `prints` is among those kept. */
export async function openInstallation(store: Store, parts: { data: string; prints: readonly string[]; now: number; postgres: boolean }): Promise<Installation> {
  const { installation } = store.t;
  const [row] = await store.read.select().from(installation).where(eq(installation.id, 1));
  if (row && !parts.prints.some((print) => row.secret_prints.includes(print))) throw new WrongSecret();
  const file = join(parts.data, "boot");
  const beside = existsSync(file) ? readFileSync(file, "utf8").trim().split(",") : [];
  const cluster = parts.postgres ? await clusterOf(store.read) : null;
  const same = row !== undefined && (cluster === null ? beside.includes(row.boot) : cluster === row.boot);
  const epoch = same ? row.epoch : newSecret();
  const boot = cluster ?? newSecret();
  const secret_prints = [...new Set([...(row?.secret_prints ?? []), ...parts.prints])];
  if (cluster === null) replace(file, [...(row ? [row.boot] : []), boot].join(","));
  const next = { id: 1, epoch, boot, secret_prints, created_at: row?.created_at ?? parts.now };
  await store.write((tx) => tx.insert(installation).values(next).onConflictDoUpdate({ target: installation.id, set: next }));
  if (cluster === null) replace(file, boot);
  return { epoch };
}

/** Whole or not at all: a torn file would make a new epoch of the same history. */
function replace(file: string, text: string): void {
  writeFileSync(`${file}.part`, text, { mode: 0o600, flush: true });
  renameSync(`${file}.part`, file);
}
