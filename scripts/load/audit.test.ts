import { Database } from "bun:sqlite";
import { afterEach, beforeEach, expect, test } from "bun:test";
import { join } from "node:path";
import { type Acked, audit } from "./audit.ts";
import { makeFolder } from "./subject.ts";

let folder: ReturnType<typeof makeFolder>;
const post = (seq: number): Acked => ({ id: `m${seq}`, room_id: "r", seq, sender_id: "ann", content: `post ${seq}` });
const path = (): string => join(folder.path, "snug.db");

function store(posts: readonly Acked[]): void {
  using sqlite = new Database(path());
  sqlite.run("CREATE TABLE messages (id, room_id, seq, sender_id, content)");
  for (const { id, room_id, seq, sender_id, content } of posts)
    sqlite.run("INSERT INTO messages VALUES (?, ?, ?, ?, ?)", [id, room_id, seq, sender_id, content]);
}

beforeEach(() => void (folder = makeFolder()));
afterEach(() => folder.remove());

test("what was acknowledged and stands there is counted", async () => {
  store([post(1), post(2), post(3)]);
  expect(await audit(path(), [post(1), post(3)])).toBe(2);
});

test("an acknowledged post that is not there voids the run", async () => {
  store([post(1)]);
  await expect(audit(path(), [post(1), post(2)])).rejects.toThrow("acknowledged");
});

test("a post that stands there with another body, room, sender or number voids the run", async () => {
  store([post(1)]);
  for (const other of [{ content: "else" }, { room_id: "q" }, { sender_id: "bob" }, { seq: 2 }])
    await expect(audit(path(), [{ ...post(1), ...other }])).rejects.toThrow("acknowledged");
});

test("a room with a hole in its numbers voids the run, whoever posted", async () => {
  store([post(1), post(3)]);
  await expect(audit(path(), [post(1)])).rejects.toThrow("2 rows in r up to seq 3");
});
