import { afterEach, describe, expect, test } from "bun:test";
import { SQL } from "bun";
import { emptyTestDatabase } from "../testing/postgres.ts";
import { makeWire } from "../testing/wire.ts";
import { bell, describeBackplane, earAt, type Pair, row } from "./backplane.contract.ts";
import { createPostgresBackplane } from "./postgres.ts";

const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

/** Two processes' backplanes over one fresh database; `there` is reached through a wire. */
async function pair() {
  const { url, drop } = await emptyTestDatabase();
  const wire = await makeWire(Number(new URL(url).port));
  const wired = new URL(url);
  wired.port = String(wire.port);
  const here = await createPostgresBackplane(url, { id: "here", log: quiet });
  const there = await createPostgresBackplane(wired.href, { id: "there", log: quiet });
  const dispose = async (): Promise<void> => {
    await Promise.all([here.close(), there.close()]);
    await wire.close();
    await drop();
  };
  return { here, there, wire, url, dispose } satisfies Pair & Record<string, unknown>;
}

describeBackplane("Postgres", pair);

describe("the backplane over Postgres", () => {
  let both: Awaited<ReturnType<typeof pair>>;
  afterEach(() => both.dispose());

  test("a listener that Postgres has ended comes back by itself, and says that it may have missed something", async () => {
    both = await pair();
    const there = earAt(both.there);
    await using admin = new SQL(both.url, { max: 1 });
    await admin`SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'`;
    await there.until(({ lost }) => lost > 0);
    both.here.ring(bell([row(1, "again")]));
    await there.until(({ revs }) => revs.includes(1));
    expect(there.lost).toBe(1);
  });

  test("a listener whose cable was cut in silence is found by its own unheard word", async () => {
    both = await pair();
    const there = earAt(both.there);
    await both.there.tend();
    both.wire.blackhole();
    const tending = tendUntil(both.there, () => there.lost > 0);
    await both.wire.heal(); // new connections pass; the old ones stay dead
    await tending;
    both.here.ring(bell([row(1, "again")]));
    await there.until(({ revs }) => revs.includes(1));
  }, 20_000);

  test("what could not be said is forgotten, and the others are told that they may have missed something", async () => {
    both = await pair();
    const [here, there] = [earAt(both.here), earAt(both.there)];
    await both.wire.cut();
    both.there.ring(bell([row(1, "unsaid")]));
    expect(there.revs).toEqual([1]);
    await tendUntil(both.there, () => false, 1);
    await both.wire.heal();
    await tendUntil(both.there, () => here.lost > 0);
    expect(here.revs).toEqual([]);
    both.there.ring(bell([row(2, "said")]));
    await here.until(({ revs }) => revs.includes(2));
  }, 20_000);

  test("a text of another version is no bell, and no silence: it is taken for something missed", async () => {
    both = await pair();
    const there = earAt(both.there);
    await using admin = new SQL(both.url, { max: 1 });
    await admin`SELECT pg_notify('snug', ${'["elsewhere",{"unknown":1}]'}), pg_notify('snug', 'no JSON')`;
    await there.until(({ lost }) => lost === 2);
    expect(there.bells).toEqual([]);
  });
});

test("over Postgres, where nobody else listens nothing is said, and the first that comes is told that it may have missed something", async () => {
  const { url, drop } = await emptyTestDatabase();
  const ear = new SQL(url, { max: 1 });
  const said: string[] = [];
  await ear.listen("snug", (text) => void said.push(text));
  const clock = { at: 0 };
  const here = await createPostgresBackplane(url, { id: "here", log: quiet, now: () => clock.at });
  here.ring(bell([row(1, "perhaps to somebody")])); // who has just begun does not know
  await until(() => said.some((text) => text.includes("perhaps to somebody")));
  clock.at = 10_000;
  here.ring(bell([row(2, "to nobody")]));
  const there = await createPostgresBackplane(url, { id: "there", log: quiet });
  const heard = earAt(there);
  await heard.until(({ lost }) => lost === 1);
  here.ring(bell([row(3, "to somebody")]));
  await heard.until(({ revs }) => revs.includes(3));
  expect(heard.revs).toEqual([3]);
  expect(said.some((text) => text.includes("to nobody"))).toBe(false);
  await Promise.all([here.close(), there.close()]);
  await ear.close();
  await drop();
});

async function until(met: () => boolean): Promise<void> {
  while (!met()) await Bun.sleep(5);
}

/** As the loop does, without its pace. */
async function tendUntil(plane: Pair["here"], met: () => boolean, times = 1_000): Promise<void> {
  for (let i = 0; i < times && !met(); i += 1) {
    await plane.tend();
    await Bun.sleep(20);
  }
}
