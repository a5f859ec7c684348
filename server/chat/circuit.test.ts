/** The circuit breaker of each endpoint: it rests when it is ill, and is tried again by one probe. */
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { eq } from "drizzle-orm";
import { DONE, endpoint, hook, ILL, instance, owed, rows, settled } from "../testing/deliveries.ts";
import { world, type World } from "../testing/world.ts";
import type { Deliverer } from "./deliveries.ts";

const HOUR_MS = 3_600_000;
let here: World;
beforeEach(async () => void (here = await world()));
afterEach(() => here.dispose());

const rest = (id: string, rest_until: number) => {
  const { webhooks } = here.chat.store.t;
  return here.chat.store.write((tx) => tx.update(webhooks).set({ rest_until, failures: 5 }).where(eq(webhooks.id, id)));
};

describe("an endpoint that fails five times in a row", () => {
  const fails = async (id: string): Promise<Deliverer & { sent: string[] }> => {
    const one = instance(here, () => ILL);
    for (let i = 0; i < 5; i += 1) {
      await owed(here, id, `failing-${i}`);
      await settled(one);
    }
    return one;
  };

  test("rests, and what is due to it meanwhile is no attempt", async () => {
    const id = await endpoint(here);
    const one = await fails(id);
    expect(await hook(here, id)).toMatchObject({ failures: 5, rest_until: here.clock.now() + 30_000 });
    const before = one.sent.length;
    await owed(here, id, "meanwhile");
    here.clock.advance(29_999);
    await settled(one);
    expect(one.sent.length).toBe(before);
    expect((await rows(here)).find(({ subject_id }) => subject_id === "meanwhile")).toMatchObject({ attempts: 0, state: "pending" });
  });

  test("is then tried by one probe of one instance; if that fails it rests longer", async () => {
    const id = await endpoint(here);
    await fails(id);
    here.clock.advance(30_000);
    const both = [instance(here, () => ILL), instance(here, () => ILL)];
    await Promise.all(both.map(settled));
    expect(both.flatMap(({ sent }) => sent).length).toBe(1);
    expect(await hook(here, id)).toMatchObject({ failures: 6, rest_until: here.clock.now() + 60_000 });
  });

  test("and is well again by then gets all that waited", async () => {
    const id = await endpoint(here);
    await fails(id);
    here.clock.advance(30_000);
    const one = instance(here, () => DONE);
    await settled(one);
    expect(one.sent.length).toBe(1);
    expect(await hook(here, id)).toMatchObject({ failures: 0, rest_until: 0 });
    here.clock.advance(60_000);
    await settled(one);
    expect(one.sent.length).toBe(5);
  });

  test("is not left alone for what a clock said that had jumped ahead: it gets its probe once that is set right, at every instance", async () => {
    const id = await endpoint(here);
    here.clock.advance(8 * HOUR_MS);
    await fails(id);
    here.clock.advance(30_000);
    const both = [instance(here, () => ILL), instance(here, () => DONE)];
    await Promise.all(both.map(settled)); // one of them is too late for the probe
    expect(both.flatMap(({ sent }) => sent).length).toBe(1);
    await rest(id, here.clock.now() + 900_000);
    here.clock.advance(-8 * HOUR_MS);
    for (const one of both) {
      const before = one.sent.length;
      await rest(id, here.clock.now() + 9 * HOUR_MS);
      await owed(here, id, `right-${both.indexOf(one)}`);
      await settled(one);
      expect(one.sent.length).toBe(before + 1);
    }
  });

  test("does not rest after four", async () => {
    const id = await endpoint(here, { failures: 3 });
    await owed(here, id, "news");
    await settled(instance(here, () => ILL));
    expect(await hook(here, id)).toMatchObject({ failures: 4, rest_until: 0 });
  });
});
