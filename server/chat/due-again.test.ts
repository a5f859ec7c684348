import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { DONE, endpoint, hook, ILL, instance, owed, rows, settled } from "../testing/deliveries.ts";
import { world, type World } from "../testing/world.ts";
import { mendDue } from "./due-again.ts";
import { notify } from "./notifications.ts";

const HOUR_MS = 3_600_000;
let here: World;
beforeEach(async () => void (here = await world()));
afterEach(() => here.dispose());

describe("a clock that is set back by an hour delays nothing by an hour:", () => {
  test("what was owed before it goes out with the next look, and what is owed afterwards at once", async () => {
    const id = await endpoint(here);
    const one = instance(here, () => DONE);
    await mendDue(one.chat);
    await owed(here, id, "before");
    here.clock.advance(-HOUR_MS);
    await owed(here, id, "after");
    await settled(one);
    expect(one.sent).toEqual(["after 1"]); // it is the look that mends the other
    await mendDue(one.chat);
    await settled(one);
    expect(one.sent).toEqual(["after 1", "before 1"]);
  });

  test("what failed comes after the pause that it had left, and its endpoint rests no longer than it had to", async () => {
    Object.assign(here.chat.config, { webhooks: { attempts: 20, first_retry_ms: 60_000, longest_retry_ms: 60_000 } });
    const id = await endpoint(here, { failures: 4 });
    await owed(here, id, "news");
    const one = instance(here, () => (one.sent.length < 2 ? ILL : DONE));
    await mendDue(one.chat);
    await settled(one);
    expect(await hook(here, id)).toMatchObject({ failures: 5, rest_until: here.clock.now() + 30_000 });
    here.clock.advance(-HOUR_MS);
    await mendDue(one.chat);
    expect(await hook(here, id)).toMatchObject({ rest_until: here.clock.now() + 30_000 });
    here.clock.advance(29_999);
    await mendDue(one.chat);
    await settled(one);
    expect(one.sent).toEqual(["news 1"]);
    here.clock.advance(31_000); // the rest, and the half of a second for which it was given back behind that
    await settled(one);
    expect(one.sent).toEqual(["news 1", "news 2"]);
  });

  test("an instance that starts afterwards finds what was written down before, however much that is", async () => {
    const id = await endpoint(here);
    const subjects = Array.from({ length: 700 }, (_, i) => `n${i}`);
    await owed(here, id, ...subjects);
    here.clock.advance(-HOUR_MS);
    await mendDue(here.chat);
    expect((await rows(here)).filter(({ due_at }) => due_at > here.clock.now())).toHaveLength(0);
  });

  test("a notification is sent again to who is here as soon as ever", async () => {
    const chat = Object.assign(here.chat, { sessions: { ...here.chat.sessions, hears: () => true } });
    await mendDue(chat);
    await notify(chat, here.ann, { topic: "told", targets: { user_ids: [here.bob.user_id] }, payload: {} });
    const [told] = await rows(here);
    const pause_ms = (told?.due_at ?? 0) - here.clock.now();
    here.clock.advance(-HOUR_MS);
    await mendDue(chat);
    const [now] = await rows(here);
    expect(now?.due_at).toBe(here.clock.now() + pause_ms);
    expect(now?.last_attempt_at).toBe(here.clock.now());
  });

  test("one that is set by less than what instances differ by, or ahead, moves nothing that waits", async () => {
    Object.assign(here.chat.config, { webhooks: { attempts: 20, first_retry_ms: 60_000, longest_retry_ms: 60_000 } });
    await owed(here, await endpoint(here), "news");
    const one = instance(here, () => ILL);
    await mendDue(one.chat);
    await settled(one);
    const before = await rows(here);
    here.clock.advance(-4_000);
    await mendDue(one.chat);
    here.clock.advance(10_000);
    await mendDue(one.chat);
    expect(await rows(here)).toEqual(before);
  });
});
