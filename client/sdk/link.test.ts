import { expect, test } from "bun:test";
import { ApiError } from "./api-error.ts";
import { createLink } from "./link.ts";
import type { Reach } from "./types.ts";
import { settled, testClock } from "../testing/outside.ts";

/** A browser's socket as far as the link uses it. */
class FakeSocket {
  readyState = 1;
  sent: { type: string; id?: string }[] = [];
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  constructor(readonly protocols: string[]) {}
  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }
  close(): void {
    this.readyState = 3;
  }
  says(frame: object): void {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }
  closes(code: number): void {
    this.readyState = 3;
    this.onclose?.({ code });
  }
}

function line(tickets: () => Promise<unknown> = async () => ({ ticket: "t" })) {
  const clock = testClock();
  const sockets: FakeSocket[] = [];
  const reaches: string[] = [];
  const open = (_url: string, protocols: string[]): WebSocket => {
    const socket = new FakeSocket(protocols);
    sockets.push(socket);
    return socket as unknown as WebSocket;
  };
  let refreshed = 0;
  const refresh = async () => (refreshed += 1) > 0;
  const api = { post: tickets as never, refresh };
  const link = createLink(api, { open, later: clock.later, now: clock.now, random: () => 0.5, address: () => "ws://localhost/ws" });
  link.on("reach", (reach: Reach) => void reaches.push(reach.state === "ended" ? `ended ${reach.why}` : reach.state));
  const hello = () => sockets.at(-1)?.says({ type: "hello", heartbeat_ms: 30_000, rooms: [] });
  return { clock, link, sockets, reaches, hello, refreshes: () => refreshed };
}

test("the ticket goes by subprotocol, and the link is open when hello has come", async () => {
  const { link, sockets, reaches, hello } = line();
  link.start();
  await settled();
  expect(sockets[0]?.protocols).toEqual(["snug.v1", "ticket.t"]);
  expect(link.isOpen()).toBe(false);
  hello();
  expect(link.isOpen()).toBe(true);
  expect(reaches).toEqual(["connecting", "open"]);
});

test("a closed socket is opened again, later each time, and soon after a success", async () => {
  const { link, sockets, clock, hello } = line();
  link.start();
  await settled();
  const waits: number[] = [];
  for (let i = 0; i < 4; i += 1) {
    const from = clock.now();
    const count = sockets.length;
    sockets.at(-1)?.closes(1006);
    while (sockets.length === count) await clock.advance(50);
    waits.push(clock.now() - from);
  }
  expect(waits).toEqual(waits.toSorted((a, b) => a - b));
  expect(waits[3]).toBeGreaterThan(4 * (waits[0] ?? 0));
  hello();
  sockets.at(-1)?.closes(1012);
  await clock.advance(500);
  expect(sockets).toHaveLength(5); // closed as soon as it was open: no success yet
  await clock.advance(20_000);
  hello();
  await clock.advance(5_000);
  sockets.at(-1)?.closes(1012);
  await clock.advance(500);
  expect(sockets).toHaveLength(7);
});

test("a socket closed for a frame waits five seconds at least, and that frame is not sent again", async () => {
  for (const [code, retry] of [
    [1008, true],
    [1009, false],
  ] as const) {
    const { link, sockets, clock, hello } = line();
    link.start();
    await settled();
    hello();
    const asked = link.ask({ type: "message", room_id: "room", client_id: "client-id-of-it", content: "too much" });
    sockets[0]?.closes(code);
    expect(await asked.catch((fault: ApiError) => fault.retry)).toBe(retry);
    await clock.advance(4_900);
    expect(sockets).toHaveLength(1);
    await clock.advance(1_000);
    expect(sockets).toHaveLength(2);
  }
});

test("a socket over which no hello comes is given up after ten seconds", async () => {
  const { link, sockets, clock } = line();
  link.start();
  await settled();
  await clock.advance(9_900);
  expect(sockets).toHaveLength(1);
  await clock.advance(1_000);
  expect(sockets).toHaveLength(2);
});

test("a minted token that expired is refreshed before the socket is opened again", async () => {
  const { link, sockets, clock, hello, refreshes } = line();
  link.start();
  await settled();
  hello();
  sockets[0]?.closes(4000);
  await clock.advance(1_000);
  expect(refreshes()).toBe(0);
  hello();
  sockets[1]?.closes(4101);
  await clock.advance(2_000);
  expect(refreshes()).toBe(1);
  expect(sockets).toHaveLength(3);
});

test("who comes back from a sleep asks at once whether anybody is there", async () => {
  const { link, sockets, clock, hello } = line();
  link.start();
  await settled();
  hello();
  link.hurry();
  expect(sockets[0]?.sent.map(({ type }) => type)).toEqual(["ping"]);
  await clock.advance(11_000);
  expect(sockets).toHaveLength(2);
});

test("4200 and above end it; nothing is opened again", async () => {
  for (const [code, why] of [
    [4201, "revoked"],
    [4202, "disabled"],
    [4203, "protocol"],
  ] as const) {
    const { link, sockets, reaches, clock, hello } = line();
    link.start();
    await settled();
    hello();
    sockets[0]?.closes(code);
    await clock.advance(120_000);
    expect(sockets).toHaveLength(1);
    expect(reaches.at(-1)).toBe(`ended ${why}`);
  }
});

test("after silence it pings, and begins anew when nothing comes", async () => {
  const { link, sockets, clock, hello } = line();
  link.start();
  await settled();
  hello();
  await clock.advance(30_000);
  expect(sockets[0]?.sent.map(({ type }) => type)).toEqual(["ping"]);
  sockets[0]?.says({ type: "pong" });
  await clock.advance(20_000);
  expect(sockets).toHaveLength(1);
  await clock.advance(60_000);
  expect(sockets.length).toBeGreaterThan(1);
});

test("an answer finds its question; a close refuses all that wait, to be tried again", async () => {
  const { link, sockets, hello } = line();
  link.start();
  await settled();
  hello();
  const answered = link.ask({ type: "ack", room_id: "room", seq: 1 });
  sockets[0]?.says({ type: "ok", id: sockets[0].sent[0]?.id });
  expect((await answered).type).toBe("ok");
  const refused = link.ask({ type: "ack", room_id: "room", seq: 9 });
  sockets[0]?.says({ type: "error", id: sockets[0].sent[1]?.id, code: "invalid", retry: false, message: "" });
  expect(await refused.catch((fault: ApiError) => fault.code)).toBe("invalid");
  const lost = link.ask({ type: "ack", room_id: "room", seq: 2 });
  sockets[0]?.closes(1006);
  expect(await lost.catch((fault: ApiError) => [fault.code, fault.retry])).toEqual(["offline", true]);
});

test("a server that says it restarts is given the time it asked for", async () => {
  const { link, sockets, reaches, clock, hello } = line();
  link.start();
  await settled();
  hello();
  sockets[0]?.says({ type: "shutdown", reconnect_after_ms: 1_500 });
  sockets[0]?.closes(1012);
  await clock.advance(1_400);
  expect(sockets).toHaveLength(1);
  expect(reaches.at(-1)).toBe("restarting");
  await clock.advance(200);
  expect(sockets).toHaveLength(2);
});

test("a server that refuses tickets for a while is not asked again before it", async () => {
  let asked = 0;
  const busy = () => {
    asked += 1;
    return Promise.reject(new ApiError({ code: "rate_limited", retry: true, retry_after_ms: 4_000 }));
  };
  const { link, clock } = line(busy);
  link.start();
  await clock.advance(3_900);
  expect(asked).toBe(1);
  await clock.advance(1_000);
  expect(asked).toBe(2);
});

test("without a sign-in there is no ticket, and the link ends", async () => {
  const { link, reaches } = line(() => Promise.reject(new ApiError({ code: "unauthorized", retry: false })));
  link.start();
  await settled();
  expect(reaches.at(-1)).toBe("ended revoked");
});
