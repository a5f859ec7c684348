/** What happens to a tenant is known to each of its sockets, wherever it is open, and to nobody else's. */
import { afterEach, describe, expect, test } from "bun:test";
import { acknowledge } from "../chat/acks.ts";
import { closeTenant, createTenant, patchTenant } from "../chat/tenancy.ts";
import { twoInstances } from "../testing/instances.ts";
import { type House, house } from "../testing/seat.ts";

let dispose = async (): Promise<void> => {};
afterEach(() => dispose());

async function opened(): Promise<House> {
  const here = await house();
  dispose = here.dispose;
  return here;
}

describe("a tenant that is closed", () => {
  test("loses its sockets at once, and those of others stay", async () => {
    const here = await opened();
    const [mallory, ann] = [await here.seat(here.mallory), await here.seat(here.ann)];
    await closeTenant(here.chat, { tenant_id: "tenant-two" });
    expect(await mallory.closed).toBe(4202);
    await expect(here.seat(here.mallory)).rejects.toThrow("closed 4202");
    await here.live.look();
    await acknowledge(here.chat, here.ann, { room_id: here.room.id, seq: 0 });
    expect((await ann.heard("hello")).length).toBe(1);
  });

  test("loses those at another instance with its next look, without a bell", async () => {
    const both = await twoInstances();
    dispose = both.dispose;
    const [mallory, ann] = [await both.there.seat(both.mallory), await both.there.seat(both.ann)];
    await closeTenant(both.here.chat, { tenant_id: "tenant-two" });
    await both.there.live.lookAtRights();
    expect(await mallory.closed).toBe(4202);
    expect((await ann.heard("hello")).length).toBe(1);
  });

  test("is found closed also when its clock was behind, and twice within one millisecond", async () => {
    const here = await opened();
    const mallory = await here.seat(here.mallory);
    await here.live.lookAtRights();
    const other = await createTenant(here.chat, { name: "Other" }); // the newest row is not hers
    await patchTenant(here.chat, { tenant_id: "tenant-two", name: "Again" });
    await patchTenant(here.chat, { tenant_id: other.id, name: "Other again" });
    here.clock.advance(-30_000);
    await closeTenant(here.chat, { tenant_id: "tenant-two" });
    expect(await mallory.closed).toBe(4202);
  });
});
