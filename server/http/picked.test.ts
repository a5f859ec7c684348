/** What an answer is made of: fields that were picked, of the workspace that the credential names. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { openDoor, tokenOf, visit } from "../testing/visitor.ts";
import { type Asker, askers, type Cast, matrixCast, stageFor } from "./matrix.cast.ts";
import { entries, type Entry } from "./matrix.entries.cast.ts";

let cast: Cast;
beforeAll(async () => void (cast = await matrixCast()));
afterAll(() => cast.dispose());

test("no answer of any route holds what is stored for the server alone, not even to the owner", async () => {
  const hashes = new Set<string>(["$argon2id$", "password_hash"]);
  const told: string[] = [];
  for (const entry of entries) {
    for (const asker of askers) told.push(await ask(entry, asker));
    for (const hash of await storedHashes()) hashes.add(hash); // each entry makes secrets of its own
  }
  const all = told.join("\n");
  for (const hash of hashes) expect(all).not.toContain(hash);
  expect([all.length > 50_000, hashes.size > 5]).toEqual([true, true]);
}, 60_000);

test("which workspace is asked is the credential's word, whatever Host and headers say", async () => {
  const { world } = cast;
  const open = openDoor(world, { hosts: { has: (name) => name === "elsewhere.test", origins: () => new Set<string>() } });
  const strange = {
    "x-forwarded-host": "elsewhere.test",
    forwarded: "host=elsewhere.test",
    "x-tenant-id": world.mallory.tenant_id,
    "x-user-id": world.mallory.user_id,
  };
  const asked = async (who: typeof world.bob, host: string) =>
    (await visit(open, null).get("/me", undefined, { ...strange, host, authorization: `Bearer ${await tokenOf(open, who)}` })).body.id;
  expect(await asked(world.bob, "elsewhere.test")).toBe(world.bob.user_id);
  expect(await asked(world.mallory, "localhost:3000")).toBe(world.mallory.user_id);
  const rooms = async (host: string) =>
    (await visit(open, null).get("/rooms", undefined, { ...strange, host, authorization: `Bearer ${await tokenOf(open, world.mallory)}` })).text;
  expect(await rooms("localhost:3000")).toBe(await rooms("elsewhere.test"));
});

async function ask(entry: Entry, asker: Asker): Promise<string> {
  const [method = "", template = ""] = entry.route.split(" ");
  const stage = stageFor(cast, asker);
  const params = (await entry.params?.(stage)) ?? {};
  const path = template.replace(/:(\w+)/gu, (_whole, name: string) => params[name] ?? "").replace(/(?<=.)\/$/u, "");
  const bearer = await cast.bearer(asker);
  const body = await entry.body?.(stage);
  const address = entry.query === undefined ? path : `${path}?${entry.query}`;
  return (await visit(cast.open, null).ask(method, address, body, bearer === null ? {} : { authorization: `Bearer ${bearer}` })).text;
}

async function storedHashes(): Promise<string[]> {
  const { read, t } = cast.world.chat.store;
  const found = [
    ...(await read.select({ hash: t.refresh_tokens.hash }).from(t.refresh_tokens)),
    ...(await read.select({ hash: t.users.password_hash }).from(t.users)),
    ...(await read.select({ hash: t.invites.code_hash }).from(t.invites)),
    ...(await read.select({ hash: t.api_keys.hash }).from(t.api_keys)),
  ];
  return found.flatMap(({ hash }) => hash ?? []);
}
