import { afterEach, beforeEach, expect, test } from "bun:test";
import { existsSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CannotStart } from "../cannot-start.ts";
import { makeScratch } from "../testing/scratch.ts";
import { holdDataFolder, runningServer, tryDataFolder } from "./data-folder.ts";

let scratch: string;
let data: string;
beforeEach(() => {
  scratch = makeScratch("data");
  data = join(scratch, "snug-data");
});
afterEach(() => rmSync(scratch, { recursive: true }));
const wanted = (more: { data?: string; database_url?: string } = {}) => ({ data, database_url: `sqlite:${data}/snug.db`, ...more });

test("it is made for its user alone", () => {
  holdDataFolder(wanted()).release();
  expect(statSync(data).mode & 0o777).toBe(0o700);
});

test("a second Snug on it is refused and told who holds it, until that one lets go", () => {
  const folder = holdDataFolder(wanted());
  folder.tell("http://127.0.0.1:4321");
  expect(() => holdDataFolder(wanted())).toThrow(`process ${process.pid}, http://127.0.0.1:4321`);
  expect(tryDataFolder(wanted())).toBeNull();
  folder.release();
  holdDataFolder(wanted()).release();
});

test("two Snugs with folders of their own cannot share a SQLite database, but a Postgres they can", () => {
  const database_url = `sqlite:${scratch}/shared.db`;
  const folder = holdDataFolder(wanted({ database_url }));
  const other = join(scratch, "other");
  expect(() => holdDataFolder({ data: other, database_url })).toThrow(CannotStart);
  const postgres = "postgres://db/snug";
  const [one, two] = [
    holdDataFolder(wanted({ data: other, database_url: postgres })),
    holdDataFolder(wanted({ data: join(scratch, "two"), database_url: postgres })),
  ];
  for (const each of [folder, one, two]) each.release();
});

test("where the server answers is written down while it runs, for its user alone, and gone afterwards", () => {
  const folder = holdDataFolder(wanted());
  expect(runningServer(data)).toBeNull();
  folder.tell("http://127.0.0.1:4321");
  expect(runningServer(data)).toEqual({ pid: process.pid, url: "http://127.0.0.1:4321" });
  expect(statSync(join(data, "running.json")).mode & 0o777).toBe(0o600);
  folder.release();
  expect(runningServer(data)).toBeNull();
});

test("what one that was killed wrote down is forgotten at the next start", () => {
  holdDataFolder(wanted()).release();
  writeFileSync(join(data, "running.json"), JSON.stringify({ pid: 1, url: "http://127.0.0.1:1" }));
  expect(runningServer(data)).not.toBeNull();
  const folder = holdDataFolder(wanted());
  expect(existsSync(join(data, "running.json"))).toBeFalse();
  folder.release();
});

test("what is no folder, or cannot be made, is said in words", () => {
  writeFileSync(data, "a file");
  expect(() => holdDataFolder(wanted())).toThrow(CannotStart);
  expect(() => holdDataFolder(wanted())).toThrow(data);
});

test("what is written down and is nonsense counts as nothing", () => {
  holdDataFolder(wanted()).release();
  for (const text of ["", "{", "null", '{"pid":"1","url":2}']) {
    writeFileSync(join(data, "running.json"), text);
    expect(runningServer(data)).toBeNull();
  }
});
