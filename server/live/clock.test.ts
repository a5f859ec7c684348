import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import type { Bell } from "../chat/chat.ts";
import { pageMessages, postMessage } from "../chat/messages.ts";
import { endSignIn, signIn } from "../chat/sign-ins.ts";
import { tenantOf } from "../chat/tenants.ts";
import { issueTicket, redeemTicket } from "../chat/tickets.ts";
import { createMemoryBackplane } from "../backplane/memory.ts";
import { type House, house } from "../testing/seat.ts";
import { draftFor } from "../testing/world.ts";

const HOUR_MS = 3_600_000;
const FROM_PAGE = { origin: null };

let here: House;
beforeEach(async () => {
  const deaf = createMemoryBackplane();
  here = await house({}, { backplane: { ...deaf, ring: (_: Bell) => {}, ringUser: () => {} } }); // only the look tells
});
afterEach(() => here.dispose());

describe.each([
  ["ahead", HOUR_MS],
  ["back", -HOUR_MS],
])("the clock jumps an hour %s:", (_, jump) => {
  test("posts go on in order, and no message is older than the one before it", async () => {
    const post = (content: string) => postMessage(here.chat, here.ann, draftFor(here.room, content));
    await post("one");
    here.clock.advance(jump);
    await post("two");
    await post("three");
    here.clock.advance(-jump);
    await post("four");
    const { items } = await pageMessages(here.chat, here.bob, { room_id: here.room.id });
    expect(items.map(({ seq, content }) => [seq, content])).toEqual([
      [1, "one"],
      [2, "two"],
      [3, "three"],
      [4, "four"],
    ]);
    const times = items.map(({ created_at }) => Date.parse(created_at));
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  });

  test("a ticket of before opens nothing; one of afterwards opens once, and for its minute", async () => {
    const before = await issueTicket(here.chat, here.bob, FROM_PAGE);
    here.clock.advance(jump);
    await expect(redeemTicket(here.chat, { ...before, origin: null })).rejects.toThrow("unauthorized");
    const [after, late] = [await issueTicket(here.chat, here.bob, FROM_PAGE), await issueTicket(here.chat, here.bob, FROM_PAGE)];
    expect((await redeemTicket(here.chat, { ...after, origin: null })).user_id).toBe(here.bob.user_id);
    await expect(redeemTicket(here.chat, { ...after, origin: null })).rejects.toThrow("unauthorized");
    here.clock.advance(60_000);
    await expect(redeemTicket(here.chat, { ...late, origin: null })).rejects.toThrow("unauthorized");
  });

  test("what no bell told is found as soon as ever: rows, and who lost the right", async () => {
    const [bob, cy] = [await here.seat(here.bob), await here.seat(here.cy)];
    here.clock.advance(jump);
    await endSignIn(here.chat, here.cy, { sign_in_id: here.cy.via.sign_in_id });
    await postMessage(here.chat, here.ann, draftFor(here.room, "no bell"));
    await here.live.look();
    expect(await cy.closed).toBe(4201);
    expect(await bob.contents()).toEqual(["no bell"]);
  });
});

describe("the clock is set back an hour:", () => {
  test("a peer that falls silent is cut a minute later, not an hour and a minute", async () => {
    const bob = await here.seat(here.bob);
    here.clock.advance(-HOUR_MS);
    await here.live.beat();
    expect(here.chat.sessions.statusOf(here.bob)).toBe("active");
    here.clock.advance(61_000);
    await here.live.beat();
    expect(await bob.closed).toBe(1006);
  });

  test("who left is gone after the grace, and who guessed wrong need not wait an hour", async () => {
    const bob = await here.seat(here.bob);
    await bob.close();
    const tenant = (await tenantOf(here.chat, "")) ?? expect.unreachable();
    const guess = () => signIn(here.chat, tenant, { username: "bob", password: "a wrong one" }, { device: "", address: "192.0.2.1" });
    for (let i = 0; i < 5; i += 1) await expect(guess()).rejects.toThrow("unauthorized");
    await expect(guess()).rejects.toThrow("rate_limited");
    here.clock.advance(-HOUR_MS);
    await expect(guess()).rejects.toThrow("unauthorized");
    expect(here.chat.sessions.statusOf(here.bob)).toBe("offline");
  });
});
