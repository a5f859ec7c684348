/**
 * Which history this database is. A client's cursor means something in one history only, so a copy that lives on must not pass for the
 * original: it gets another epoch, and every resume into it is a `reset`.
 *
 * SQLite: a fresh `boot` at each start and every hour, first beside the database (`old,new`), then in it, then beside it (`new`). So wherever the
 * process dies, the file names what the database holds, and a database whose boot the file does not name is a copy. Postgres: nothing beside it;
 * the row holds what the cluster says it is. Never write the database first: a crash would then make a new epoch of the same history.
 */
import { existsSync, readFileSync } from "node:fs";
import { eq } from "drizzle-orm";
import { clusterOf } from "../db/cluster.ts";
import type { Store, Tables } from "../db/store.ts";
import { CannotStart } from "./cannot-start.ts";
import { newSecret } from "./ids.ts";
import { writePrivately } from "./private-file.ts";

/** `boot_file` stands beside a SQLite database; null is Postgres. */
export type InstallationParts = { boot_file: string | null; prints: readonly string[]; now: number };

/** Opens the history for this start, or begins one. Throws CannotStart when none of `prints` is among those that the database keeps. */
export async function openInstallation(store: Store, { boot_file, prints, now }: InstallationParts): Promise<{ epoch: string }> {
  const row = await rowOf(store);
  if (row && !prints.some((print) => row.secret_prints.includes(print))) throw new CannotStart(WRONG_SECRET);
  const kept = { created_at: row?.created_at ?? now, secret_prints: [...new Set([...(row?.secret_prints ?? []), ...prints])] };
  const cluster = boot_file === null ? await clusterOf(store.read) : null;
  const boot = cluster ?? newSecret();
  const isSame = cluster === null ? bootsIn(boot_file).includes(row?.boot ?? "") : cluster === row?.boot;
  const epoch = row && isSame ? row.epoch : newSecret();
  await announced(boot_file, [row?.boot, boot], () => keep(store, { id: 1, epoch, boot, ...kept }));
  return { epoch };
}

/** Gives a SQLite database a fresh boot, so that a copy made before is told from it. Called by a loop. */
export async function renewBoot(store: Store, boot_file: string): Promise<void> {
  const row = await rowOf(store);
  if (!row) return;
  const boot = newSecret();
  await announced(boot_file, [row.boot, boot], () => keep(store, { ...row, boot }));
}

const WRONG_SECRET =
  "This database was made with another secret, and what it keeps can only be used with that one. Start with it, as --secret or in <data>/secret: on a line of its own if there is a newer one.";

type Row = Tables["installation"]["$inferSelect"];

async function rowOf({ t, read }: Store): Promise<Row | undefined> {
  const [row] = await read.select().from(t.installation).where(eq(t.installation.id, 1));
  return row;
}

async function keep({ t, write }: Store, row: Row): Promise<void> {
  await write((tx) => tx.insert(t.installation).values(row).onConflictDoUpdate({ target: t.installation.id, set: row }));
}

/** Writes both boots beside the database, the new one into it, then only the new one beside it. */
async function announced(boot_file: string | null, [old, next]: readonly [string | undefined, string], into: () => Promise<void>): Promise<void> {
  if (boot_file === null) return into();
  writePrivately(boot_file, old === undefined ? next : `${old},${next}`);
  await into();
  writePrivately(boot_file, next);
}

function bootsIn(boot_file: string | null): string[] {
  return boot_file !== null && existsSync(boot_file) ? readFileSync(boot_file, "utf8").trim().split(",") : [];
}
