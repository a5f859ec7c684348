import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { SQL } from "bun";
import { startTestPostgres, type TestPostgres } from "../server/testing/postgres-server.ts";
import { type TestDatabase, testDatabase } from "../server/testing/postgres.ts";
import { makeWire, type Wire } from "../server/testing/wire.ts";
import { storeFaultOf } from "./faults.ts";
import { refuseUnsafe } from "./postgres-connection.ts";
import { openPostgres, type PostgresOptions } from "./postgres.ts";
import { idsOf, insertUser, rejection } from "./store.cast.ts";
import type { Store } from "./store.ts";

const UNSAFE = { allow_unsafe_durability: true };
const AWAY = { kind: "away" } as const;

describe("the store in Postgres", () => {
  let database: TestDatabase;
  let admin: SQL;
  let wire: Wire;
  const stores: Store[] = [];
  const open = async (options: PostgresOptions = {}) => {
    const store = await openPostgres(throughWire(database.url, wire), { ...UNSAFE, ...options });
    stores.push(store);
    return store;
  };

  beforeEach(async () => {
    database = await testDatabase();
    wire = await makeWire(Number(new URL(database.url).port));
    admin = new SQL(database.url, { max: 1 });
  });
  afterEach(async () => {
    await Promise.allSettled(stores.splice(0).map((store) => store.close()));
    await wire.close();
    await admin.close();
    await database.drop();
  });

  /** Resolves when they are gone: one that has only been told to go may still begin a transaction. */
  const terminate = () =>
    admin`SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'`;

  test("all sends its statements one behind the other: a thousand cost a few round trips", async () => {
    const store = await open({ pool: 1 });
    const insert = { text: "INSERT INTO mentions (tenant_id, room_id, user_id, seq) VALUES ('t', 'r', 'u', $1) RETURNING seq" };
    await store.write((tx) => tx.all(insert, [[0]]));
    const before = wire.turns();
    const rows = await store.write((tx) =>
      tx.all<{ seq: number }>(
        insert,
        Array.from({ length: 1_000 }, (_, n) => [n + 1]),
      ),
    );
    expect(rows.map(({ seq }) => seq)).toEqual(Array.from({ length: 1_000 }, (_, n) => n + 1));
    const piped = wire.turns() - before;
    await store.write(async (tx) => {
      for (let n = 0; n < 100; n++) await tx.ask(insert, [2_000 + n]);
    });
    expect(piped).toBeLessThan(100); // beside 200 for a tenth of the work, one by one
    expect(wire.turns() - before - piped).toBeGreaterThanOrEqual(200);
  });

  test("when the server ends every connection, reads and writes go on as if nothing had been", async () => {
    const store = await open({ pool: 4 });
    await Promise.all(Array.from({ length: 8 }, (_, n) => store.write((tx) => insertUser(tx, `before${n}`))));
    await terminate();
    const read = await Promise.allSettled(Array.from({ length: 8 }, () => idsOf(store.read)));
    expect(read.map(({ status }) => status)).toEqual(Array(8).fill("fulfilled"));
    await terminate();
    const written = await Promise.allSettled(Array.from({ length: 8 }, (_, n) => store.write((tx) => insertUser(tx, `after${n}`))));
    expect(written.map(({ status }) => status)).toEqual(Array(8).fill("fulfilled"));
    expect(await idsOf(store.read)).toHaveLength(16);
  });

  test("a write whose connection breaks in the middle is refused as away, was called once, and left nothing", async () => {
    const store = await open({ pool: 2 });
    let called = 0;
    const broken = store.write(async (tx) => {
      called++;
      await insertUser(tx, "half");
      await terminate();
      await insertUser(tx, "whole");
    });
    expect(storeFaultOf(await rejection(broken))).toEqual(AWAY);
    expect(called).toBe(1);
    await store.write((tx) => insertUser(tx, "next"));
    expect(await idsOf(store.read)).toEqual(["next"]);
  });

  test("a database that goes away without a word is told as away in time, and found again once it is back", async () => {
    const store = await open({ limits: { answer_ms: 800 } });
    await store.write((tx) => insertUser(tx, "before"));
    wire.blackhole();
    const since = performance.now();
    const refused = await Promise.all(
      [idsOf(store.read), store.write((tx) => insertUser(tx, "during")), store.read.$count(store.t.users)].map(rejection),
    );
    expect(refused.map(storeFaultOf)).toEqual([AWAY, AWAY, AWAY]);
    expect(performance.now() - since).toBeLessThan(1_500);
    expect(await store.ready()).toBe(false);
    await wire.heal();
    expect(await idsOf(store.read)).toEqual(["before"]);
    await store.write((tx) => insertUser(tx, "after"));
    expect(await store.ready()).toBe(true);
    expect(await idsOf(store.read)).toEqual(["after", "before"]);
  });

  test("a database that refuses connections is told as away in time, and found again once it is back", async () => {
    const store = await open({ limits: { answer_ms: 800 } });
    await store.write((tx) => insertUser(tx, "before"));
    await wire.cut();
    const refused = await Promise.all([rejection(idsOf(store.read)), rejection(store.write((tx) => insertUser(tx, "during")))]);
    expect(refused.map(storeFaultOf)).toEqual([AWAY, AWAY]);
    await wire.heal();
    await store.write((tx) => insertUser(tx, "after"));
    expect(await idsOf(store.read)).toEqual(["after", "before"]);
  });

  test("what takes too long is stopped by the server, and its connection serves on", async () => {
    const store = await open({ pool: 1, limits: { answer_ms: 800 } });
    const slow = { text: "SELECT pg_sleep(30)" };
    expect(storeFaultOf(await rejection(store.read.ask(slow, [])))).toEqual(AWAY);
    expect(storeFaultOf(await rejection(store.write((tx) => tx.ask(slow, []))))).toEqual(AWAY);
    const [pid] = await store.read.ask({ text: "SELECT pg_backend_pid() AS pid" }, []);
    expect(pid).toEqual((await store.read.ask({ text: "SELECT pg_backend_pid() AS pid" }, []))[0]);
    expect((await admin`SELECT 1 FROM pg_stat_activity WHERE query LIKE '%pg_sleep%' AND state = 'active' AND pid <> pg_backend_pid()`).length).toBe(
      0,
    );
  });

  test("a write that was told that no connection came free is not run later", async () => {
    const store = await open({ pool: 1, limits: { answer_ms: 800 } });
    const ran: string[] = [];
    const stuck = (name: string) =>
      rejection(
        store.write(async (tx) => {
          ran.push(name);
          await insertUser(tx, name);
          await new Promise(() => {}); // given up after 300 ms
        }),
      );
    const asked = ["a", "b", "c", "d", "e", "f"].map(stuck);
    expect((await Promise.all(asked)).map((fault) => storeFaultOf(fault)?.kind)).toEqual(Array(6).fill("away"));
    const told = [...ran];
    expect(told.length).toBeLessThan(6);
    await store.write((tx) => insertUser(tx, "next"));
    expect(ran).toEqual(told);
    expect(await idsOf(store.read)).toEqual(["next"]);
  });

  test("more questions than may be under way are refused as away", async () => {
    const store = await open({ pool: 1, limits: { under_way: 2 } });
    const outcomes = await Promise.allSettled([idsOf(store.read), idsOf(store.read), idsOf(store.read)]);
    expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "fulfilled", "rejected"]);
    expect(await idsOf(store.read)).toEqual([]);
  });

  test("at start it waits for the database to come up, for so long and no longer", async () => {
    await wire.cut();
    expect(storeFaultOf(await rejection(open({ wait_ms: 100 })))).toEqual(AWAY);
    const opening = open({ wait_ms: 10_000 });
    expect(storeFaultOf(await rejection(open({ wait_ms: 100 })))).toEqual(AWAY); // by now the other has been refused as well
    await wire.heal();
    expect(await idsOf((await opening).read)).toEqual([]);
  });

  test("what waiting does not mend is told at once", async () => {
    const elsewhere = new URL(database.url);
    elsewhere.pathname = "/no_such_database";
    const fault = await rejection(openPostgres(elsewhere.href, { ...UNSAFE, wait_ms: 60_000 }));
    expect(String(fault)).toContain("no_such_database");
    expect(storeFaultOf(fault)).toBeNull();
  });

  test("it connects as snug, to the database that the URL names, whatever the environment says", async () => {
    process.env.PGDATABASE = "no_such_database";
    try {
      const store = await open();
      const [row] = await store.read.ask({ text: "SELECT current_setting('application_name') AS application, current_database() AS name" }, []);
      expect(row).toEqual({ application: "snug", name: new URL(database.url).pathname.slice(1) });
    } finally {
      delete process.env.PGDATABASE;
    }
  });
});

describe("the durability of Postgres", () => {
  const sound = new Map(Object.entries({ server_encoding: "UTF8", fsync: "on", full_page_writes: "on", synchronous_commit: "on" }));

  for (const name of ["fsync", "full_page_writes", "synchronous_commit"])
    test(`${name} = off is refused, but for the tests' explicit flag`, () => {
      const settings = new Map([...sound, [name, "off"]]);
      expect(() => refuseUnsafe(settings, false)).toThrow(`${name} = off`);
      expect(() => refuseUnsafe(settings, true)).not.toThrow();
    });

  test("synchronous_commit may be anything that waits for the disk, and the encoding is UTF8 whatever the flag", () => {
    for (const level of ["on", "local", "remote_write", "remote_apply"])
      expect(() => refuseUnsafe(new Map([...sound, ["synchronous_commit", level]]), false)).not.toThrow();
    expect(() => refuseUnsafe(new Map([...sound, ["server_encoding", "SQL_ASCII"]]), true)).toThrow("UTF8");
  });

  describe("of a server with its own settings", () => {
    let server: TestPostgres;
    beforeAll(async () => void (server = await startTestPostgres([])));
    afterAll(() => server.stop());

    test("Snug starts; once commits of its database do not wait for the disk it does not", async () => {
      const store = await openPostgres(server.url);
      expect(await store.ready()).toBe(true);
      await store.close();
      const admin = new SQL(server.url, { max: 1 });
      await admin`ALTER DATABASE postgres SET synchronous_commit = off`;
      await admin.close();
      expect(String(await rejection(openPostgres(server.url)))).toContain("synchronous_commit = off");
      const allowed = await openPostgres(server.url, UNSAFE);
      expect(await allowed.ready()).toBe(true);
      await allowed.close();
    });
  });
});

function throughWire(url: string, { port }: Wire): string {
  const wired = new URL(url);
  wired.port = String(port);
  return wired.href;
}
