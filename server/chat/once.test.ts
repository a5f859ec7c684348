import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { refusalOf } from "../testing/refusals.ts";
import { type World, world } from "../testing/world.ts";
import type { Chat } from "./chat.ts";
import { type Answered, CLAIM_MS, once } from "./once.ts";
import { purge } from "./purge.ts";
import { refuse } from "./refusal.ts";

let here: World;
beforeEach(async () => void (here = await world()));
afterEach(() => here.dispose());

const asked = { key: "one-key-of-anns-0", request_hash: "of this request" };
let made = 0;
/** Makes another thing each time that it is really asked. */
const make = async (): Promise<Answered> => ({ status: 201, answer: { id: `thing-${(made += 1)}`, nested: { list: [1, "two"] } } });
const rows = async () => here.chat.store.read.select().from(here.chat.store.t.idempotency_keys);
/** Another process on the same database. */
const elsewhere = (): Chat => ({ ...here.chat });

test("the same key is answered as before, and nothing more is made; another key makes another", async () => {
  const first = await once(here.chat, here.ann, asked, make);
  expect(await once(here.chat, here.ann, asked, make)).toEqual(first);
  expect(await once(elsewhere(), here.ann, asked, make)).toEqual(first);
  expect(await once(here.chat, here.ann, { ...asked, key: "another-key-of-anns" }, make)).not.toEqual(first);
});

test("another request under the same key is a conflict, here and on another instance", async () => {
  await once(here.chat, here.ann, asked, make);
  const other = { ...asked, request_hash: "of another" };
  const before = made;
  expect(await refusalOf(once(here.chat, here.ann, other, make))).toBe("conflict");
  expect(await refusalOf(once(elsewhere(), here.ann, other, make))).toBe("conflict");
  expect(made).toBe(before);
});

test("bob's key and mallory's of the same letters are their own", async () => {
  const mine = await once(here.chat, here.ann, asked, make);
  const twin = await here.person("tenant-two", "ann", "owner");
  for (const who of [here.bob, here.mallory, twin]) expect(await once(here.chat, who, asked, make)).not.toEqual(mine);
  expect((await rows()).length).toBe(4);
});

describe("of two who ask at once, one makes:", () => {
  test("on one instance the other waits for the answer", async () => {
    const before = made;
    const [first, second] = await Promise.all([once(here.chat, here.ann, asked, make), once(here.chat, here.ann, asked, make)]);
    expect([first, made]).toEqual([second, before + 1]);
  });

  test("on another instance the other is told when to come back, and is then answered alike", async () => {
    const { promise: hold, resolve: go } = Promise.withResolvers<void>();
    const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
    const slow = async () => {
      begin();
      await hold;
      return make();
    };
    const first = once(here.chat, here.ann, asked, slow);
    await begun;
    expect(await refusalOf(once(elsewhere(), here.ann, asked, make))).toBe("unavailable");
    go();
    const kept = await first;
    expect(await once(elsewhere(), here.ann, asked, make)).toEqual(kept);
  });

  test("twenty on two instances make one thing, and nobody is given another", async () => {
    const before = made;
    const chats = [here.chat, elsewhere()];
    const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => once(chats[i % 2] ?? here.chat, here.ann, asked, make).catch(() => null)));
    expect(made).toBe(before + 1);
    expect(new Set(answers.flatMap((one) => (one ? [JSON.stringify(one)] : []))).size).toBe(1);
  });
});

test("what was refused leaves the key free: mended, it is let through", async () => {
  expect(await refusalOf(once(here.chat, here.ann, asked, async () => refuse("conflict", { fields: ["name"] })))).toBe("conflict");
  expect(await rows()).toEqual([]);
  expect((await once(here.chat, here.ann, { ...asked, request_hash: "mended" }, make)).status).toBe(201);
});

test("a process that died between claim and answer holds the key for a minute, not for ever", async () => {
  const { t, write } = { t: here.chat.store.t.idempotency_keys, write: here.chat.store.write };
  const { tenant_id, user_id } = here.ann;
  const left = { tenant_id, asker: user_id, ...asked, status: null, answer: null, created_at: here.clock.now() };
  await write(async (tx) => void (await tx.insert(t).values(left)));
  here.clock.advance(CLAIM_MS);
  expect(await refusalOf(once(here.chat, here.ann, asked, make))).toBe("unavailable");
  here.clock.advance(1);
  const first = await once(here.chat, here.ann, asked, make);
  expect(await once(here.chat, here.ann, asked, make)).toEqual(first);
});

test("who was taken for dead and answers after all does not write over the answer that was given since", async () => {
  const { promise: hold, resolve: go } = Promise.withResolvers<void>();
  const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
  const late = once(here.chat, here.ann, asked, async () => {
    begin();
    await hold;
    return { status: 201, answer: { id: "late" } };
  });
  await begun;
  here.clock.advance(CLAIM_MS + 1);
  const given = await once(elsewhere(), here.ann, asked, make);
  go();
  await late;
  expect(await once(elsewhere(), here.ann, asked, make)).toEqual(given);
});

test("an answer is kept for a day; then the key is new, and the purge forgets it", async () => {
  const kept_ms = here.chat.config.keep_answers_ms;
  const first = await once(here.chat, here.ann, asked, make);
  here.clock.advance(kept_ms);
  await purge(here.chat);
  expect(await once(here.chat, here.ann, asked, make)).toEqual(first);
  here.clock.advance(1);
  expect(await once(here.chat, here.ann, { ...asked, request_hash: "of another" }, make)).not.toEqual(first);
  here.clock.advance(kept_ms + 1);
  await purge(here.chat);
  expect(await rows()).toEqual([]);
});
