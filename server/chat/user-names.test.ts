import { afterEach, beforeEach, expect, test } from "bun:test";
import { eq } from "drizzle-orm";
import { type House, house } from "../testing/seat.ts";
import { openConversation } from "./conversation.ts";
import type { Principal } from "./principal.ts";
import { namesOf } from "./user-names.ts";
import { listUsers, patchMe } from "./users.ts";

let here: House;
beforeEach(async () => void (here = await house()));
afterEach(() => here.dispose());

const found = async (who: Principal, q: string, limit?: number): Promise<string[]> =>
  (await listUsers(here.chat, who, { q, ...(limit !== undefined && { limit }) })).items.map(({ display_name }) => display_name);

test("the beginning of any word of a name finds its person, whatever the case and the accents", async () => {
  const { chat, ann, bob, cy } = here;
  await patchMe(chat, bob, { display_name: "Robert  Ökafor-Smith" });
  for (const q of ["rob", "ROBERT ÖK", "okafor", "smi", "bob"]) expect([q, await found(ann, q)]).toEqual([q, ["Robert  Ökafor-Smith"]]);
  for (const q of ["kafor", "robert s", "zz", " ", "%", "_"]) expect([q, await found(ann, q)]).toEqual([q, []]);
  expect(await found(cy, "a")).toEqual(["ann"]);
});

test("who has another name is found by it, and no longer by the former; the username stays", async () => {
  const { chat, ann, bob } = here;
  await patchMe(chat, bob, { display_name: "Robert Okafor" });
  await patchMe(chat, bob, { display_name: "Robert Bobson" });
  expect(await found(ann, "okafor")).toEqual([]);
  expect(await found(ann, "bob")).toEqual(["Robert Bobson"]);
  expect(await found(ann, "rob")).toEqual(["Robert Bobson"]);
});

test("the first of many by name are told, and who is meant exactly comes first", async () => {
  const { chat, ann } = here;
  const many = Array.from({ length: 250 }, (_, i) => ({ username: `mate-${String(i).padStart(3, "0")}`, at: 0 }));
  const crew = await openConversation(chat, ann.tenant_id, { channel: "crew", description: "", born_at: 0 });
  await crew.seat([...many.reverse(), { username: "mate", at: 0 }]);
  expect(await found(ann, "mate", 3)).toEqual(["mate", "mate-000", "mate-001"]);
  expect(await found(ann, "mate-249")).toEqual(["mate-249"]);
});

test("mallory finds nobody of another workspace; where the directory is off, one finds whom one shares a room with", async () => {
  const { chat, ann, bob, cy, mallory } = here;
  expect(await found(mallory, "bob")).toEqual([]);
  const { tenants } = chat.store.t;
  await chat.store.write((tx) => tx.update(tenants).set({ directory: false }).where(eq(tenants.id, ann.tenant_id)));
  expect(await found(bob, "ann")).toEqual(["ann"]);
  expect(await found(cy, "ann")).toEqual([]);
  expect(await found(ann, "cy")).toEqual([]);
});

test("a name of many words or letters is found by the first of them, and makes no more rows than that", () => {
  expect(namesOf({ username: "bob", display_name: "Bob" })).toEqual(["bob"]);
  expect(namesOf({ username: null, display_name: "a b c d e f g h i j" })).toHaveLength(8);
  expect(namesOf({ username: null, display_name: "x".repeat(80) })).toEqual(["x".repeat(64)]);
  expect(namesOf({ username: null, display_name: "—" })).toEqual(["—"]);
});
