import { afterEach, beforeEach, expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { asc } from "drizzle-orm";
import { openStore } from "../../db/open.ts";
import { type Served, type Yard, yard } from "../../server/testing/process.ts";

const SEED = resolve(import.meta.dir, "../seed.ts");

let here: Yard;
let file: string;
beforeEach(async () => {
  here = await yard();
  file = join(here.folder, "old-days.jsonl.gz");
  writeFileSync(file, gzipSync(said.map((line) => `${JSON.stringify(line)}\n`).join("")));
});
afterEach(() => here.dispose());

const said = [
  { at: "2004-11-15T12:18:00Z", user: "glad_vole", text: "is @fern_wren here?" },
  { at: "2004-11-15T12:18:01Z", user: "fern_wren", text: "always" },
  { at: "2004-11-15T12:18:01Z", user: "fern_wren", text: "always" },
];

const JSON_TYPE = { "content-type": "application/json" };

/** `bun run seed` in the yard's folder, where it finds what the server finds. */
const seed = (...words: string[]) => here.run(words, "", [process.execPath, SEED]);
const signIn = ({ url }: Served, username: string, password: string): Promise<Response> =>
  fetch(`${url}/api/v1/auth/login`, {
    method: "POST",
    headers: JSON_TYPE,
    body: JSON.stringify({ username, password }),
  });
const passwordIn = (out: string): string => /password (\S+)\n/u.exec(out)?.[1] ?? "";

test("in an empty folder it makes a workspace, says how to sign in to it, and run again it doubles nothing", async () => {
  const { code, out } = await seed(file);
  expect({ code, out }).toMatchObject({ code: 0, out: expect.stringContaining("3 of 3 messages are new in #old-days") });
  expect(out).toContain("Sign in as fern_wren");
  expect(await seed(file)).toMatchObject({ code: 0, out: expect.stringContaining("0 of 3 messages are new") });
  const server = await here.serve();
  expect(server.setup_token).toBe("");
  expect((await signIn(server, "fern_wren", passwordIn(out))).status).toBe(200);
  expect((await signIn(server, "glad_vole", passwordIn(out))).status).toBe(401);
  await server.end("SIGTERM");

  const named = await seed(file, "--as", "glad_vole", "--password", "an anchor and a rope");
  expect(named).toMatchObject({ code: 0, out: expect.stringContaining("Sign in as glad_vole, password an anchor and a rope") });
  const again = await here.serve();
  expect((await signIn(again, "glad_vole", "an anchor and a rope")).status).toBe(200);
  await again.end("SIGTERM");
});

test("beside a running server it goes through it, once there is a workspace, and doubles nothing", async () => {
  const server = await here.serve();
  expect(await seed(file)).toMatchObject({ code: 1, out: "", err: expect.stringContaining("there is no workspace yet") });
  const made = { setup_token: server.setup_token, workspace: "Harbour", username: "ann", password: "a lighthouse keeper" };
  expect((await fetch(`${server.url}/api/v1/setup`, { method: "POST", headers: JSON_TYPE, body: JSON.stringify(made) })).status).toBe(201);

  const named = await seed(file, "--as", "glad_vole", "--password", "an anchor and a rope");
  expect(named).toMatchObject({ code: 0, out: expect.stringContaining("3 of 3 messages are new in #old-days") });
  expect(await seed(file)).toMatchObject({ code: 0, out: expect.stringContaining("0 of 3 messages are new") });
  expect((await signIn(server, "glad_vole", "an anchor and a rope")).status).toBe(200);
  expect((await signIn(server, "fern_wren", "an anchor and a rope")).status).toBe(401);
  expect(await seed(file, "--as", "nobody")).toMatchObject({ code: 1, err: expect.stringContaining("nobody of that name") });
  await server.end("SIGTERM");
  expect(await seed(file)).toMatchObject({ code: 0, out: expect.stringContaining("0 of 3") });
});

test("what is no conversation is named by its line, and nothing is made", async () => {
  for (const none of ['{"at": "yesterday", "user": "glad_vole", "text": "x"}', '{"at": "2004-11-15T12:18:00Z", "user": "glad_', "null", "7"]) {
    writeFileSync(file, `${JSON.stringify(said[0])}\n${none}\n`);
    expect(await seed(file)).toMatchObject({ code: 1, err: expect.stringContaining("line 2") });
  }
  expect(await seed(join(here.folder, "nothing.jsonl"))).toMatchObject({ code: 1, err: expect.stringContaining("There is no file") });
  expect(await Bun.file(join(here.data, "secret")).exists()).toBe(false);
});

test("two equal lines of one second are two messages", async () => {
  await seed(file);
  const store = await openStore(here.database_url, { postgres: { allow_unsafe_durability: true } });
  const rows = await store.read.select().from(store.t.messages).orderBy(asc(store.t.messages.seq));
  await store.close();
  expect(rows.map(({ seq, content, created_at }) => [seq, content, new Date(created_at).toISOString()])).toEqual([
    [1, "is @fern_wren here?", "2004-11-15T12:18:00.000Z"],
    [2, "always", "2004-11-15T12:18:01.000Z"],
    [3, "always", "2004-11-15T12:18:01.000Z"],
  ]);
});
