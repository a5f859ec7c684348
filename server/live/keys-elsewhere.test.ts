/** Two instances over one Postgres: a key that ends at one ends at the other, whether a bell comes or not. */
import { afterEach, expect, test } from "bun:test";
import { revokeApiKey, rotateApiKey } from "../chat/api-keys.ts";
import { actFor, keyShown } from "../chat/key-rights.ts";
import type { Principal } from "../chat/principal.ts";
import { postMessage } from "../chat/messages.ts";
import { type Instance, type TwoInstances, twoInstances } from "../testing/instances.ts";
import { keyBy, type MadeKey } from "../testing/keys.ts";
import { draftFor } from "../testing/world.ts";

let both: TwoInstances;
afterEach(() => both.dispose());

/** Bob, by a key that `instance` is shown. */
const bobBy = async ({ chat }: Instance, key: Pick<MadeKey, "key">): Promise<Principal> => {
  const shown = await keyShown(chat, key.key);
  return shown ? actFor(chat, shown, { user_id: both.bob.user_id }) : expect.unreachable();
};

test.each(["a bell", "no bell"])(
  "a key that is revoked at one instance loses its sockets at the other, by %s; another key keeps its own",
  async (by) => {
    both = await twoInstances();
    const [key, other] = [await keyBy(both.here.chat, both.ann), await keyBy(both.here.chat, both.ann)];
    const [ended, alive] = [await both.there.seat(await bobBy(both.there, key)), await both.there.seat(await bobBy(both.there, other))];
    if (by === "no bell") both.wire.blackhole();
    await revokeApiKey(both.here.chat, both.ann, { key_id: key.id });
    expect(await keyShown(both.there.chat, key.key)).toBeNull(); // the very next request
    if (by === "no bell") {
      both.clock.advance(1_000);
      await both.there.live.lookAtRights();
    }
    expect(await ended.closed).toBe(4201);
    await postMessage(both.here.chat, both.ann, draftFor(both.room, "without the key"));
    both.clock.advance(3_000);
    await both.there.live.look();
    await alive.until("without the key");
    expect(ended.frames.filter(({ type }) => type === "message")).toEqual([]);
    await both.wire.heal();
  },
);

test("a key that is rotated at one instance ends at the other when its time has run out, and the new one opens there", async () => {
  both = await twoInstances();
  const key = await keyBy(both.here.chat, both.ann);
  const old = await both.there.seat(await bobBy(both.there, key));
  const renewed = await rotateApiKey(both.here.chat, both.ann, { key_id: key.id, old_holds_seconds: 60 });
  await both.there.live.lookAtRights();
  expect(await old.heard("pong")).not.toEqual([]);
  const after = await both.there.seat(await bobBy(both.there, { key: renewed.key ?? "" }));
  both.clock.advance(60_000);
  await both.there.live.lookAtRights();
  expect(await old.closed).toBe(4201);
  expect(await after.heard("pong")).not.toEqual([]);
});
