/** What ends a socket, and that it leaves nothing behind: each road out beside somebody who stays. */
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { connect } from "node:net";
import type { SignedIn } from "../chat/families.ts";
import { refresh } from "../chat/refresh.ts";
import { changePassword, endSignIn, principalOf, resetPassword, signIn, signOut } from "../chat/sign-ins.ts";
import { hashPassword } from "../chat/passwords.ts";
import { type Tenant, tenantOf } from "../chat/tenants.ts";
import type { Held } from "./session.ts";
import type { SignedInPrincipal } from "../chat/principal.ts";
import { refusalOf } from "../testing/refusals.ts";
import { type House, house, type Seat } from "../testing/seat.ts";
import { testStore } from "../testing/store.ts";

const PASSWORD = "a lighthouse keeper";
const DAY_MS = 86_400_000;
const hashed = hashPassword(PASSWORD, "a test");
let here: House;
let harbour: Tenant;
let open: number;
let onEmpty = (): void => {};

beforeEach(async () => {
  open = 0;
  const connections = (count: number): void => {
    open = count;
    if (count === 0) onEmpty();
  };
  here = await house({ connections, sockets_per_user: 2_000 });
  const found = await tenantOf(here.chat, "localhost");
  harbour = found ?? expect.unreachable();
  const password_hash = await hashed;
  await here.chat.store.write(async (tx) => void (await tx.update(here.chat.store.t.users).set({ password_hash })));
});
afterEach(() => here.dispose());

type Device = { signedIn: SignedIn; who: SignedInPrincipal; seat: Seat };

/** Bob at another browser, with a sign-in and a socket of its own. */
async function bobSomewhere(): Promise<Device> {
  const signedIn = await signIn(here.chat, harbour, { username: "bob", password: PASSWORD }, { device: "another", address: "::1" });
  const who = await principalOf(here.chat, { tid: harbour.id, sub: signedIn.user.id, sid: signedIn.sign_in_id });
  return { signedIn, who: who ?? expect.unreachable(), seat: await here.seat(who ?? expect.unreachable()) };
}
const isOpen = async (seat: Seat): Promise<boolean> => (await seat.ask({ type: "ack", room_id: here.room.id, seq: 0 })).type === "ok";

test("a right that ended while its socket was being opened opens none, though no bell rings again", async () => {
  const [one, two] = [await bobSomewhere(), await bobSomewhere()];
  await signOut(here.chat, harbour, one.signedIn.refresh_token);
  await here.live.look(); // bob's rights are known as of now: only another change would have them read again
  await expect(here.seat(one.who)).rejects.toThrow("closed 4201");
  expect(await isOpen(two.seat)).toBe(true);
  expect((await here.seat(two.who)).frames[0]?.type).toBe("hello");
});

describe("an open socket ends at once", () => {
  test("with the sign-in that is signed out, and bob's other browser stays", async () => {
    const [one, two] = [await bobSomewhere(), await bobSomewhere()];
    await signOut(here.chat, harbour, one.signedIn.refresh_token);
    expect(await one.seat.closed).toBe(4201);
    expect(await isOpen(two.seat)).toBe(true);
    expect(await refusalOf(refresh(here.chat, harbour, one.signedIn.refresh_token))).toBe("unauthorized");
  });

  test("everywhere but where the password was changed, and the changed one's browser goes on", async () => {
    const [one, two] = [await bobSomewhere(), await bobSomewhere()];
    await changePassword(here.chat, two.who, { current_password: PASSWORD, password: "another lighthouse" });
    expect(await one.seat.closed).toBe(4201);
    expect(await isOpen(two.seat)).toBe(true);
    expect(await refusalOf(refresh(here.chat, harbour, one.signedIn.refresh_token))).toBe("unauthorized");
    expect(await refusalOf(refresh(here.chat, harbour, two.signedIn.refresh_token))).toBe("not refused");
  });

  test("everywhere when the operator gives another password, and nobody else's does", async () => {
    const [one, two, ann] = [await bobSomewhere(), await bobSomewhere(), await here.seat(here.ann)];
    await resetPassword(here.chat, harbour, { username: "bob", password: "a third lighthouse" });
    expect([await one.seat.closed, await two.seat.closed]).toEqual([4201, 4201]);
    expect(await isOpen(ann)).toBe(true);
  });

  test("when an old refresh token of its family is replayed, and the other browser's does not", async () => {
    const [one, two] = [await bobSomewhere(), await bobSomewhere()];
    const second = await refresh(here.chat, harbour, one.signedIn.refresh_token);
    await refresh(here.chat, harbour, second.refresh_token);
    expect(await isOpen(one.seat)).toBe(true);
    here.clock.advance(10_000);
    expect(await refusalOf(refresh(here.chat, harbour, one.signedIn.refresh_token))).toBe("unauthorized");
    expect(await one.seat.closed).toBe(4201);
    expect(await isOpen(two.seat)).toBe(true);
  });
});

test("an open socket keeps its sign-in from falling idle, and ends with it thirty days after it began; a closed one's falls idle after seven", async () => {
  const [kept, left] = [await bobSomewhere(), await bobSomewhere()];
  await left.seat.close();
  for (let day = 1; day <= 8; day += 1) {
    here.clock.advance(DAY_MS);
    await here.live.touch();
  }
  expect(await isOpen(kept.seat)).toBe(true);
  expect(await refusalOf(refresh(here.chat, harbour, left.signedIn.refresh_token))).toBe("unauthorized");
  const { refresh_token } = await refresh(here.chat, harbour, kept.signedIn.refresh_token);
  for (let day = 9; day <= 29; day += 1) {
    here.clock.advance(DAY_MS);
    await here.live.touch();
  }
  here.clock.advance(DAY_MS - 60_001);
  await here.live.touch();
  expect(await isOpen(kept.seat)).toBe(true);
  here.clock.advance(60_001);
  await here.live.touch();
  expect(await kept.seat.closed).toBe(4201);
  expect(await refusalOf(refresh(here.chat, harbour, refresh_token))).toBe("unauthorized");
});

test("while no right can be asked sockets stay for a minute and not longer; a store that is back before costs nobody theirs", async () => {
  const [ann, bob] = [await here.seat(here.ann), await here.seat(here.bob)];
  const { read } = here.chat.store;
  const away = await testStore("sqlite");
  await away.dispose();
  const lookWith = async (answering: boolean): Promise<void> => {
    Object.assign(here.chat.store, { read: answering ? read : away.store.read });
    await here.live.look().catch(() => {});
    Object.assign(here.chat.store, { read });
  };
  here.clock.advance(59_000);
  await lookWith(false);
  expect([await isOpen(ann), await isOpen(bob)]).toEqual([true, true]);
  await lookWith(true);
  here.clock.advance(59_000);
  await lookWith(false);
  expect([await isOpen(ann), await isOpen(bob)]).toEqual([true, true]);
  here.clock.advance(1_000);
  await lookWith(false);
  expect([await ann.closed, await bob.closed]).toEqual([4003, 4003]);
});

test("the gauge of sockets returns to 0 after a thousand have left by every road", async () => {
  const roads: Record<string, (seats: Seat[], who: SignedInPrincipal) => Promise<unknown>> = {
    "the client closes": async (seats) => Promise.all(seats.map((seat) => seat.close())),
    "the sign-in ends": async (_seats, who) => endSignIn(here.chat, who, who.via),
    "frames too large": async (seats) => seats.forEach((seat) => seat.text("x".repeat(70_000))),
    "silent for a minute": async () => {
      here.clock.advance(60_000);
      await here.live.beat();
    },
    "the server stops": async () => here.live.drain(),
  };
  for (const [road, leave] of Object.entries(roads)) {
    const who = await here.person("tenant-one", road.replaceAll(" ", "-"));
    const seats = await Promise.all(Array.from({ length: 200 }, () => here.seat(who, { sync: false })));
    expect([road, open]).toEqual([road, 200]);
    await leave(seats, who);
    await Promise.all(seats.map((seat) => seat.closed));
    await untilEmpty();
    expect(here.chat.sessions.statusOf(who)).toBe("active"); // for its grace of five seconds
    here.clock.advance(5_000);
    expect(here.chat.sessions.statusOf(who)).toBe("offline");
  }
});

test("a peer that is torn away without a word leaves the gauge and the roster too", async () => {
  const server = Bun.serve<Held>({
    port: 0,
    hostname: "127.0.0.1",
    fetch: (request, self) => (here.live.upgrade(request, self, here.bob) ? undefined : new Response(null, { status: 400 })),
    websocket: here.live.handlers,
  });
  const greeted = Promise.withResolvers<void>();
  const socket = connect(server.port ?? 0, "127.0.0.1");
  socket.once("data", () => greeted.resolve());
  const upgrade = ["GET / HTTP/1.1", "Host: localhost", "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13"];
  socket.write([...upgrade, "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "", ""].join("\r\n"));
  await greeted.promise;
  expect(open).toBe(1);
  socket.resetAndDestroy();
  await untilEmpty();
  here.clock.advance(5_000);
  expect(here.chat.sessions.statusOf(here.bob)).toBe("offline");
  await server.stop(true);
});

/** Resolves when the server has heard of every close: its own turn comes after the client's. */
async function untilEmpty(): Promise<void> {
  if (open > 0) await new Promise<void>((resolve) => (onEmpty = resolve));
}
