/**
 * The sentences every store must satisfy: ours on both databases, and any an operator brings. Call it with a way to open a fresh, migrated,
 * empty store; store.test.ts does so for SQLite and for Postgres.
 */
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { eq } from "drizzle-orm";
import { storeFaultOf } from "./faults.ts";
import { idsOf, insertUser, person, rejection, setRev } from "./store.cast.ts";
import type { Island, Store, Tx } from "./store.ts";
import { describeValues } from "./store-values.contract.ts";

export type Opened = {
  store: Store;
  /** Opens a second store on the same database, as another process would. */
  again: () => Promise<Store>;
  dispose: () => Promise<void>;
};

export function describeStore(name: string, open: () => Promise<Opened>): void {
  describe(`a store in ${name}`, () => {
    let opened: Opened;
    let store: Store;
    beforeEach(async () => {
      opened = await open();
      store = opened.store;
    });
    afterEach(() => opened.dispose());

    describeWorks(() => store);
    describeNeighbours(() => store);
    describeOnce(() => store);
    describeEnds(() => opened);
    describeValues(() => store);
  });
}

function describeWorks(given: () => Store): void {
  test("what a work wrote is there for a reader once write has resolved, and write gives what the work gave", async () => {
    const store = given();
    const answer = { told: [1, 2, 3] };
    expect(await store.write(async (tx) => (await insertUser(tx, "ann"), answer))).toBe(answer);
    expect(await idsOf(store.read)).toEqual(["ann"]);
  });

  test("a work that throws leaves nothing, though it awaited in between, and its own error is thrown on", async () => {
    const store = given();
    const refusal = new Error("no");
    const written = store.write(async (tx) => {
      await insertUser(tx, "ann");
      await Promise.resolve();
      expect(await idsOf(tx)).toEqual(["ann"]);
      throw refusal;
    });
    expect(await rejection(written)).toBe(refusal);
    expect(await idsOf(store.read)).toEqual([]);
    await store.write((tx) => insertUser(tx, "ann"));
    expect(await idsOf(store.read)).toEqual(["ann"]);
  });

  test("a work sees what it has written, by built queries and by hot statements", async () => {
    const { users } = given().t;
    const seen = await given().write(async (tx) => {
      await insertUser(tx, "ann");
      await tx.ask(setRev, ["ann", 7]);
      return [await tx.select({ rev: users.rev }).from(users).where(eq(users.id, "ann")), await tx.ask({ text: "SELECT rev FROM users" }, [])];
    });
    expect(seen).toEqual([[{ rev: 7 }], [{ rev: 7 }]]);
  });

  test("a reader does not see what is not committed, and sees it afterwards", async () => {
    const store = given();
    const gate = Promise.withResolvers<void>();
    const inside = Promise.withResolvers<void>();
    const written = store.write(async (tx) => {
      await insertUser(tx, "ann");
      inside.resolve();
      await gate.promise;
    });
    await inside.promise;
    expect(await idsOf(store.read)).toEqual([]);
    gate.resolve();
    await written;
    expect(await idsOf(store.read)).toEqual(["ann"]);
  });

  test("a write or a read of the store inside a work is refused, and the store goes on", async () => {
    const store = given();
    const refused = await store.write(async () => [
      await rejection(store.write(async (tx) => insertUser(tx, "nested"))),
      await rejection(store.read.ask({ text: "SELECT id FROM users" }, [])),
      await rejection(idsOf(store.read)),
    ]);
    expect(refused.map(String)).toEqual([expect.stringContaining("inside a work"), expect.stringContaining("inside a work"), expect.anything()]);
    expect(await idsOf(store.read)).toEqual([]);
    await store.write((tx) => insertUser(tx, "ann"));
    expect(await idsOf(store.read)).toEqual(["ann"]);
  });

  test("a statement that outlives its work is refused, also while another work runs", async () => {
    const store = given();
    const late = Promise.withResolvers<void>();
    let kept: Tx | undefined;
    let straggler: Promise<unknown> = Promise.resolve();
    await store.write(async (tx) => {
      kept = tx;
      await insertUser(tx, "ann");
      straggler = rejection(insertAfter(late.promise, tx, "straggler"));
    });
    await store.write(async (tx) => {
      late.resolve();
      expect(await straggler).toBeInstanceOf(Error);
      await insertUser(tx, "bob");
    });
    expect(kept && (await rejection(insertUser(kept, "kept")))).toBeInstanceOf(Error);
    expect(kept && (await rejection(kept.ask(setRev, ["ann", 9])))).toBeInstanceOf(Error);
    expect(await store.read.ask({ text: "SELECT id, rev FROM users ORDER BY id" }, [])).toEqual([
      { id: "ann", rev: 1 },
      { id: "bob", rev: 1 },
    ]);
  });

  test("what starts after a work has ended may write again", async () => {
    const store = given();
    let after: Promise<unknown> = Promise.resolve();
    const ended = Promise.withResolvers<void>();
    await store.write(async (tx) => {
      await insertUser(tx, "ann");
      after = writeAfter(ended.promise, store, "bob");
    });
    ended.resolve();
    await after;
    expect(await idsOf(store.read)).toEqual(["ann", "bob"]);
  });
}

function describeNeighbours(given: () => Store): void {
  test("of works asked for in one turn, the one that throws undoes itself alone", async () => {
    const store = given();
    const outcomes = await Promise.allSettled([
      store.write((tx) => insertUser(tx, "ann")),
      store.write(async (tx) => {
        await insertUser(tx, "bob");
        throw new Error("bob changed his mind");
      }),
      store.write((tx) => insertUser(tx, "cy")),
      store.write((tx) => insertUser(tx, "ann")),
      store.write((tx) => insertUser(tx, "dot")),
    ]);
    expect(outcomes.filter(({ status }) => status === "rejected")).toHaveLength(2);
    expect(await idsOf(store.read)).toEqual(["ann", "cy", "dot"]);
  });

  test("a hundred works that read, then write, lose no update: a row that is locked stays so until commit", async () => {
    const store = given();
    await store.write((tx) => insertUser(tx, "ann"));
    const lock: Island<{ rev: number }> = { text: "SELECT rev FROM users WHERE id = $1 FOR UPDATE" };
    const raise = async (tx: Tx) => {
      const [row] = await tx.ask(lock, ["ann"]);
      await Promise.resolve();
      await tx.ask(setRev, ["ann", (row?.rev ?? 0) + 1]);
    };
    await Promise.all(Array.from({ length: 100 }, () => store.write(raise)));
    expect(await store.read.ask({ text: "SELECT rev FROM users" }, [])).toEqual([{ rev: 101 }]);
  });

  test("all gives the rows of each list, in the order of the lists, whether they are asked one by one or at once", async () => {
    const store = given();
    await store.write(async (tx) => void (await tx.insert(store.t.users).values(["ann", "bob", "cy"].map(person))));
    const raise = { text: "UPDATE users SET rev = rev + $2 WHERE id = $1 RETURNING id, rev" };
    const lists = [
      ["cy", 1],
      ["nobody", 1],
      ["cy", 10],
      ["bob", 100],
    ];
    expect(await store.write((tx) => tx.all<{ id: string; rev: number }>(raise, lists))).toEqual([
      { id: "cy", rev: 2 },
      { id: "cy", rev: 12 },
      { id: "bob", rev: 101 },
    ]);
    const find: Island<{ id: string }> = {
      text: "SELECT id FROM users WHERE id = $1",
      many: "SELECT u.id FROM jsonb_array_elements(CAST(CAST($1 AS text) AS jsonb)) v CROSS JOIN LATERAL (SELECT id FROM users WHERE id = v->>0 OFFSET 0) u",
    };
    expect(await store.write((tx) => tx.all(find, [["cy"], ["nobody"], ["ann"], ["cy"]]))).toEqual([{ id: "cy" }, { id: "ann" }, { id: "cy" }]);
    expect(await store.write((tx) => tx.all(find, []))).toEqual([]);
  });

  test("run rejects with the first failure, and nothing of its work is stored", async () => {
    const store = given();
    const add: Island<never> = { text: "INSERT INTO mentions (tenant_id, room_id, user_id, seq) VALUES ('t', 'r', $1, $2)" };
    const failed = store.write((tx) =>
      tx.run(add, [
        ["ann", 1],
        ["ann", 2],
        ["ann", 1],
        ["ann", 3],
        ["ann", 3],
      ]),
    );
    expect(storeFaultOf(await rejection(failed))).toEqual({ kind: "conflict", constraint: "mentions_pk" });
    expect(await store.read.$count(store.t.mentions)).toBe(0);
    await store.write((tx) =>
      tx.run(add, [
        ["ann", 1],
        ["ann", 2],
      ]),
    );
    expect(await store.read.$count(store.t.mentions)).toBe(2);
  });

  test("many rows are stored as if each came alone: what is there already is not counted, and one that cannot be stored leaves none", async () => {
    const { write, read, t } = given();
    const text = "INSERT INTO mentions (user_id, seq, tenant_id, room_id) VALUES ($1, $2, $3, $4)";
    const add: Island<never> = { text, width: 4 };
    const addNew: Island<never> = { text: `${text} ON CONFLICT (tenant_id, room_id, user_id, seq) DO NOTHING`, width: 4 };
    const lists = Array.from({ length: 40 }, (_, i) => [`u${i}`, i, "t", "r"]);
    const twice = lists.with(20, ["u3", 3, "t", "r"]);
    expect(storeFaultOf(await rejection(write((tx) => tx.run(add, twice))))).toEqual({ kind: "conflict", constraint: "mentions_pk" });
    expect(await read.$count(t.mentions)).toBe(0);
    expect(await write((tx) => tx.run(addNew, twice))).toBe(39);
    expect(await write((tx) => tx.run(addNew, lists))).toBe(1);
    const rows = await read.select().from(t.mentions).orderBy(t.mentions.seq);
    expect(rows.map(({ user_id, seq, tenant_id, room_id }) => [user_id, seq, tenant_id, room_id])).toEqual(lists);
  });
}

/** Where a store has it (Store.once). */
function describeOnce(given: () => Store): void {
  const addAll: Island<{ user_id: string }> = {
    text: `WITH added AS (INSERT INTO mentions (tenant_id, room_id, user_id, seq) SELECT 't', 'r', u, 1 FROM unnest($1::text[]) AS u RETURNING user_id), again AS
      (INSERT INTO mentions (tenant_id, room_id, user_id, seq) SELECT 't', 'other', u, 1 FROM unnest($1::text[]) AS u) SELECT user_id FROM added ORDER BY 1`,
  };

  test("one statement is a transaction: it gives its rows when all of it is there for a reader, and leaves nothing where it fails", async () => {
    const { once, read, t } = given();
    if (!once) return;
    expect(await once(addAll, ['{"ann","bob"}'])).toEqual([{ user_id: "ann" }, { user_id: "bob" }]);
    expect(await read.$count(t.mentions)).toBe(4);
    expect(storeFaultOf(await rejection(once(addAll, ['{"cy","ann"}'])))).toEqual({ kind: "conflict", constraint: "mentions_pk" });
    expect(await read.$count(t.mentions)).toBe(4);
  });

  test("one statement inside a work is refused, since it would miss what the work has done; after close it is refused as away", async () => {
    const { once, write, read, t, close } = given();
    if (!once) return;
    expect(String(await write(() => rejection(once(addAll, ["{ann}"]))))).toContain("inside a work");
    expect(await read.$count(t.mentions)).toBe(0);
    await close();
    expect(storeFaultOf(await rejection(once(addAll, ["{ann}"])))).toEqual({ kind: "away" });
  });
}

function describeEnds(given: () => Opened): void {
  test("another store on the same database sees what was committed", async () => {
    const { store, again } = given();
    await store.write((tx) => insertUser(tx, "ann"));
    const other = await again();
    expect(await idsOf(other.read)).toEqual(["ann"]);
    await other.write((tx) => insertUser(tx, "bob"));
    expect(await idsOf(store.read)).toEqual(["ann", "bob"]);
    await other.close();
  });

  test("close finishes what was asked for before it, and refuses what comes after as away", async () => {
    const { store, again } = given();
    expect(await store.ready()).toBe(true);
    await store.tend();
    const before = Promise.all(Array.from({ length: 50 }, (_, n) => store.write((tx) => insertUser(tx, `u${n}`))));
    const closed = store.close();
    const after = [rejection(store.write((tx) => insertUser(tx, "late"))), closed.then(() => rejection(idsOf(store.read)))];
    await before;
    await closed;
    for (const refused of after) expect(storeFaultOf(await refused)).toEqual({ kind: "away" });
    expect(await store.ready()).toBe(false);
    await Promise.all([store.tend(), store.close()]);
    const other = await again();
    expect(await idsOf(other.read)).toHaveLength(50);
    await other.close();
  });
}

const insertAfter = async (signal: Promise<void>, tx: Tx, id: string): Promise<void> => {
  await signal;
  await insertUser(tx, id);
};

const writeAfter = async (signal: Promise<void>, store: Store, id: string): Promise<void> => {
  await signal;
  await store.write((tx) => insertUser(tx, id));
};
