/** Backups as files: taken from a SQLite database, verified, stamped, put in a database's place. */
import { Database } from "bun:sqlite";
import { chmodSync, closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { BackupRefused } from "./backup-refused.ts";

/** What a backup holds, to be told. */
export type Kept = { messages: number; users: number; rooms: number; bytes: number };

/** Copies what is committed now; who writes meanwhile goes on writing. */
export function takeCopy(path: string, to: string): void {
  if (!existsSync(path)) throw new BackupRefused(`There is no database ${path}.`);
  const reader = new Database(path, { readonly: true });
  try {
    reader.run("PRAGMA busy_timeout=5000");
    reader.run("VACUUM INTO ?", [to]);
    chmodSync(to, PRIVATE);
  } finally {
    reader.close(true);
  }
}

const PRIVATE = 0o600;

/** Copies a backup whose pages and indexes agree. Throws BackupRefused for anything else. */
export function copyVerified(from: string, to: string): void {
  if (!existsSync(from)) throw new BackupRefused(`There is no file ${from}.`);
  verify(from);
  takeCopy(from, to);
}

/** Throws BackupRefused unless this is a whole database of Snug. */
export function verify(path: string): void {
  const reader = new Database(path, { readonly: true });
  try {
    const found = reader.query<{ integrity_check: string }, []>("PRAGMA integrity_check(1)").get();
    if (found?.integrity_check !== "ok") throw new BackupRefused(`${path} is damaged: ${found?.integrity_check}`);
    if (reader.query("PRAGMA foreign_key_check").get() !== null) throw new BackupRefused(`${path} is damaged: it has rows that point to nothing.`);
    const ours = "SELECT count(*) AS count FROM sqlite_schema WHERE type = 'table' AND name IN ('installation', 'messages', '__drizzle_migrations')";
    if (reader.query<{ count: number }, []>(ours).get()?.count !== 3) throw new BackupRefused(`${path} is no backup of Snug.`);
  } catch (fault) {
    if (fault instanceof BackupRefused) throw fault;
    const code = fault instanceof Error && "code" in fault ? String(fault.code) : String(fault);
    throw new BackupRefused(code === "SQLITE_NOTADB" ? `${path} is no backup of Snug.` : `${path} cannot be read (${code}).`, { cause: fault });
  } finally {
    reader.close(true);
  }
}

export function installationOf(path: string): { secret_prints: readonly string[] } {
  const reader = new Database(path, { readonly: true });
  try {
    const row = reader.query<{ secret_prints: string }, []>("SELECT secret_prints FROM installation WHERE id = 1").get();
    return { secret_prints: row ? JSON.parse(row.secret_prints) : [] };
  } finally {
    reader.close(true);
  }
}

/** The name of a file's bytes. */
export type NamedFile = { tenant_id: string; hash: string };

/** All that rows of this copy name: of each file, and of each picture's smaller one. Each once. */
export function filesOf(path: string): NamedFile[] {
  const reader = new Database(path, { readonly: true });
  try {
    if (reader.query("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'files'").get() === null) return []; // of an older Snug
    const kept = (column: string): string =>
      `SELECT tenant_id, ${column} AS hash FROM files WHERE ${column} IS NOT NULL AND stored_at IS NOT NULL AND removed_at IS NULL`;
    return reader.query<NamedFile, []>(`${kept("hash")} UNION ${kept("preview_hash")}`).all();
  } finally {
    reader.close(true);
  }
}

/** Marks a copy, so that whoever opens it knows that its history is not the one it was taken from. */
export function stamp(path: string, { boot, secret_prints }: { boot: string; secret_prints?: readonly string[] }): void {
  const database = new Database(path, { readwrite: true });
  try {
    database.run("PRAGMA journal_mode=DELETE"); // one file, nothing beside it
    database.run("UPDATE installation SET boot = ?", [boot]);
    if (secret_prints) database.run("UPDATE installation SET secret_prints = ?", [JSON.stringify(secret_prints)]);
  } finally {
    database.close(true);
  }
}

export function countsOf(path: string): Kept {
  const reader = new Database(path, { readonly: true });
  try {
    const count = (table: string): number => reader.query<{ count: number }, []>(`SELECT count(*) AS count FROM ${table}`).get()?.count ?? 0;
    return { messages: count("messages"), users: count("users"), rooms: count("rooms"), bytes: statSync(path).size };
  } finally {
    reader.close(true);
  }
}

/**
 * Puts the database `from` at `path`. What lay there is kept whole at the path that is given back, with its WAL; an older one kept there goes.
 * The file moves aside before anything comes: a WAL must never lie beside a database it does not belong to.
 */
export function takePlace(from: string, path: string, replace: boolean): string | null {
  const there = existsSync(path);
  if (there && !replace) throw new BackupRefused(`There is a database already: ${path}. Say --replace to put the backup in its place.`);
  syncFile(from);
  const aside = `${path}.replaced`;
  if (there) {
    for (const tail of ["", "-wal"]) rmSync(aside + tail, { force: true });
    for (const tail of ["", "-wal"]) if (existsSync(path + tail)) renameSync(path + tail, aside + tail);
  }
  for (const tail of ["-wal", "-shm"]) rmSync(path + tail, { force: true });
  renameSync(from, path);
  syncFile(dirname(path));
  return there ? aside : null;
}

/** Returns when the file, or the names in the folder, are on disk. */
export function syncFile(path: string): void {
  const descriptor = openSync(path, "r");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
