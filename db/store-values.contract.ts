/** What goes in comes out, on every store alike: values, orders, the names of conflicts, and the queries that both databases share. */
import { expect, test } from "bun:test";
import { and, asc, eq, exists, gt, inArray, sql } from "drizzle-orm";
import { storeFaultOf } from "./faults.ts";
import { idsOf, insertUser, person, rejection } from "./store.cast.ts";
import type { Store } from "./store.ts";

export function describeValues(given: () => Store): void {
  test("text, numbers, flags and JSON come back as they went in", async () => {
    const store = given();
    const { users, tenants, messages } = store.t;
    const text = "Ünï \u{1F600} \u{E000} 'quoted' \"twice\" \\ back\nline\t$1 ?1 -- ; \u{10FFFF}";
    const settings = { deep: [1, 1.5, null, true, { text, empty: {} }], "": [] };
    const ann = {
      ...person("ann"),
      display_name: text,
      username: null,
      settings,
      rev: Number.MAX_SAFE_INTEGER,
      changed_at: 0,
      created_at: -1,
      updated_at: 2 ** 40,
    };
    const tenant = { id: "t", name: "", host: null, registration: "open" as const, directory: true, limits: {}, created_at: 1, updated_at: 1 };
    await store.write(async (tx) => {
      await tx.insert(users).values(ann);
      await tx.insert(tenants).values([tenant, { ...tenant, id: "u", directory: false, limits: { content_points: 5 } }]);
      await tx.insert(messages).values({ ...message("m1", 1), meta: null, mentions: ["ann", "*"], content: text });
    });
    const unsaid = { password_hash: null, disabled_at: null, disabled_why: null, last_seen_at: null, avatar_id: null };
    const silent = { status_text: null, status_emoji: null, status_until: null };
    expect(await store.read.select().from(users)).toEqual([{ ...ann, ...unsaid, ...silent }]);
    expect(await store.read.select({ directory: tenants.directory, limits: tenants.limits }).from(tenants).orderBy(tenants.id)).toEqual([
      { directory: true, limits: {} },
      { directory: false, limits: { content_points: 5 } },
    ]);
    expect(await store.read.select({ meta: messages.meta, mentions: messages.mentions, content: messages.content }).from(messages)).toEqual([
      { meta: null, mentions: ["ann", "*"], content: text },
    ]);
  });

  test("hot statements take and give the same values: numbers as numbers, counts and sums too", async () => {
    const store = given();
    const text = "\u{1F600} 'quoted' $1";
    await store.write(
      async (tx) =>
        void (await tx.insert(store.t.users).values([{ ...person("ann"), rev: Number.MAX_SAFE_INTEGER, display_name: text }, person("bob")])),
    );
    const row = await store.read.ask(
      {
        text: `SELECT id, display_name, rev, disabled_at, (SELECT count(*) FROM users) AS people, (SELECT sum(created_at) FROM users) AS sum
          FROM users WHERE display_name = $2 AND rev = $1 AND tenant_id = $3 AND display_name = $2`,
      },
      [Number.MAX_SAFE_INTEGER, text, "t"],
    );
    expect(row).toEqual([{ id: "ann", display_name: text, rev: Number.MAX_SAFE_INTEGER, disabled_at: null, people: 2, sum: 2 }]);
    const update = { text: "UPDATE users SET disabled_at = $2, username = $3 WHERE id = $1 RETURNING disabled_at, username" };
    expect(
      await store.write((tx) =>
        tx.all(update, [
          ["bob", 2 ** 52, null],
          ["bob", null, text],
        ]),
      ),
    ).toEqual([
      { disabled_at: 2 ** 52, username: null },
      { disabled_at: null, username: text },
    ]);
    expect(await store.read.ask({ text: "SELECT id FROM users WHERE id = $1" }, ["nobody"])).toEqual([]);
  });

  test("text is ordered and compared by its bytes, whatever the language of the server", async () => {
    const store = given();
    const ids = ["b", "B", "a", "A", "ä", "a b", "a-b", "ab", "aB", "_", "~", "z", "Z", "10", "9", "\u{1F600}", "\u{FF5E}", "é", "e\u0301"];
    await store.write(async (tx) => void (await tx.insert(store.t.users).values(ids.map(person))));
    const byBytes = ids.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    const { users } = store.t;
    expect(await idsOf(store.read)).toEqual(byBytes);
    expect((await store.read.select({ id: users.id }).from(users).orderBy(asc(users.username))).map(({ id }) => id)).toEqual(byBytes);
    expect((await store.read.select({ id: users.id }).from(users).where(gt(users.id, "Z")).orderBy(users.id)).map(({ id }) => id)).toEqual(
      byBytes.slice(byBytes.indexOf("Z") + 1),
    );
    expect(await store.read.ask({ text: "SELECT id FROM users WHERE id = $1" }, ["é"])).toEqual([{ id: "é" }]);
  });

  test("a conflict is named by its index, a primary key by its table, and nothing of its work is stored", async () => {
    const store = given();
    const { users, rooms, messages } = store.t;
    await store.write(async (tx) => {
      await insertUser(tx, "ann");
      await tx.insert(messages).values(message("m1", 1));
    });
    const conflictOf = async (work: Parameters<Store["write"]>[0]) => storeFaultOf(await rejection(store.write(work)));
    expect(await conflictOf((tx) => tx.insert(users).values({ ...person("ann"), username: "other" }))).toEqual(named("users_pk"));
    expect(await conflictOf((tx) => tx.insert(users).values({ ...person("bob"), username: "name-ann" }))).toEqual(named("users_username"));
    expect(await conflictOf((tx) => tx.insert(messages).values({ ...message("m2", 1) }))).toEqual(named("messages_seq"));
    expect(await conflictOf((tx) => tx.insert(messages).values({ ...message("m2", 2), client_id: "client-m1" }))).toEqual(
      named("messages_client_id"),
    );
    expect(await conflictOf((tx) => tx.insert(messages).values([message("m3", 3), { ...message("m1", 4), client_id: "c" }]))).toEqual(
      named("messages_pk"),
    );
    expect(await conflictOf((tx) => tx.ask({ text: "UPDATE users SET nothing_such = 1" }, []))).toBeNull();
    expect(await conflictOf((tx) => tx.ask({ text: "INSERT INTO rooms (tenant_id, id) VALUES ('t', 'a room without a type')" }, []))).toBeNull();
    expect([await idsOf(store.read), await store.read.$count(messages), await store.read.$count(rooms)]).toEqual([["ann"], 1, 0]);
    await store.write(
      async (tx) =>
        void (await tx.insert(users).values([
          { ...person("bob"), username: null },
          { ...person("cy"), username: null },
        ])),
    );
    expect(await idsOf(store.read)).toEqual(["ann", "bob", "cy"]);
  });

  test("what the database says of a failure tells no value, so that a log holds no message and no hash", async () => {
    const store = given();
    const { messages } = store.t;
    const secret = "what only ann may read";
    await store.write((tx) => tx.insert(messages).values({ ...message("m1", 1), content: secret }));
    const told = await Promise.all(
      [
        rejection(store.write((tx) => tx.insert(messages).values({ ...message("m2", 1), content: secret }))),
        rejection(store.write((tx) => tx.ask({ text: "INSERT INTO messages (content, id) VALUES ($1, $1)" }, [secret]))),
        rejection(store.write((tx) => tx.ask({ text: "UPDATE users SET nothing_such = $1" }, [secret]))),
      ].map(async (fault) => Bun.inspect(await fault)),
    );
    expect(told.map((text) => text.includes(secret))).toEqual([false, false, false]);
    expect(told[0]).toContain("messages");
    expect(await store.read.ask({ text: "SELECT id FROM messages WHERE content = $1" }, [secret])).toEqual([{ id: "m1" }]);
  });

  test("the built queries that both databases share mean the same", async () => {
    const store = given();
    const { users, messages } = store.t;
    await store.write(async (tx) => {
      await tx.insert(users).values(["ann", "bob", "cy"].map(person));
      expect(await tx.insert(users).values(person("ann")).onConflictDoNothing().returning()).toEqual([]);
      const again = tx.insert(users).values([{ ...person("ann"), rev: 5 }, person("dot")]);
      const upserted = await again
        .onConflictDoUpdate({ target: [users.tenant_id, users.id], set: { rev: sql`excluded.rev + ${users.rev}` } })
        .returning({ id: users.id, rev: users.rev });
      expect(upserted).toEqual([
        { id: "ann", rev: 6 },
        { id: "dot", rev: 1 },
      ]);
      expect(
        await tx
          .update(users)
          .set({ rev: sql`${users.rev} + 1` })
          .where(inArray(users.id, ["bob", "cy"]))
          .returning({ rev: users.rev }),
      ).toEqual([{ rev: 2 }, { rev: 2 }]);
      expect(
        await tx
          .delete(users)
          .where(and(eq(users.tenant_id, "t"), eq(users.id, "dot")))
          .returning({ id: users.id }),
      ).toEqual([{ id: "dot" }]);
      await tx.insert(messages).values({ ...message("m1", 1), sender_id: "bob" });
    });
    const sent = store.read
      .select({ one: sql`1` })
      .from(messages)
      .where(eq(messages.sender_id, users.id));
    expect(await store.read.select({ id: users.id }).from(users).where(exists(sent))).toEqual([{ id: "bob" }]);
    expect(await store.read.select({ id: users.id }).from(users).where(inArray(users.id, []))).toEqual([]);
    expect(await store.read.$count(users, gt(users.rev, 1))).toBe(3);
    expect(
      await store.read
        .select({ id: users.id, seq: messages.seq })
        .from(users)
        .leftJoin(messages, eq(messages.sender_id, users.id))
        .orderBy(users.id)
        .limit(2)
        .offset(1),
    ).toEqual([
      { id: "bob", seq: 1 },
      { id: "cy", seq: null },
    ]);
  });
}

const named = (constraint: string) => ({ kind: "conflict" as const, constraint });

const message = (id: string, seq: number) => ({
  id,
  tenant_id: "t",
  room_id: "r",
  sender_id: "ann",
  client_id: `client-${id}`,
  seq,
  rev: seq,
  born_rev: seq,
  content: "hello",
  created_at: 1,
});
