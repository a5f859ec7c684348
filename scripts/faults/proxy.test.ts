import { afterEach, beforeEach, expect, test } from "bun:test";
import net from "node:net";
import { type FaultProxy, openProxy } from "./proxy.ts";

let echo: net.Server;
let proxy: FaultProxy;
const taken: net.Socket[] = [];

beforeEach(async () => {
  echo = net.createServer((socket) => {
    taken.push(socket);
    socket.on("error", () => {}).pipe(socket);
  });
  await new Promise<void>((listening) => echo.listen(0, "127.0.0.1", listening));
  proxy = await openProxy((echo.address() as net.AddressInfo).port); // it listens on TCP
});
afterEach(async () => {
  await proxy.close();
  for (const socket of taken.splice(0)) socket.destroy();
  await new Promise((closed) => void echo.close(closed));
});

type Caller = { say(text: string): void; until(text: string): Promise<void>; heard(): string; closed: Promise<void>; isOpen(): boolean };

async function call(): Promise<Caller> {
  const socket = net.connect(proxy.port, "127.0.0.1").on("error", () => {});
  let heard = "";
  let open = true;
  const { promise: closed, resolve } = Promise.withResolvers<void>();
  socket.on("close", () => {
    open = false;
    resolve();
  });
  let onData = (): void => {};
  socket.on("data", (bytes) => {
    heard += bytes.toString();
    onData();
  });
  await Promise.race([new Promise((connected) => socket.once("connect", connected)), closed]);
  return {
    say: (text) => void socket.write(text),
    until: (text) => new Promise((done) => (onData = () => heard.endsWith(text) && done())),
    heard: () => heard,
    closed,
    isOpen: () => open,
  };
}

/** Says it and waits until the echo has said it back. */
async function exchange(caller: Caller, text: string): Promise<number> {
  const begun = performance.now();
  const back = caller.until(text);
  caller.say(text);
  await back;
  return performance.now() - begun;
}

test("what passes comes through whole and in order", async () => {
  const caller = await call();
  const text = Array.from({ length: 20_000 }, (_, i) => `line ${i}\n`).join("");
  await exchange(caller, text);
  expect(caller.heard()).toBe(text);
});

test("a delay keeps every byte back for its time, each way", async () => {
  const caller = await call();
  expect(await exchange(caller, "at once")).toBeLessThan(50);
  proxy.set("delay:60");
  expect(await exchange(caller, "later")).toBeGreaterThanOrEqual(115);
  expect(caller.heard()).toBe("at oncelater");
});

test("a slow link holds to its rate", async () => {
  const caller = await call();
  proxy.set("slow:200000");
  await exchange(caller, "x".repeat(20_000));
  expect(await exchange(caller, "y")).toBeGreaterThanOrEqual(50); // the first 20,000 bytes are not through before 100 ms
});

test("a black hole says nothing and closes nothing; when it heals, whoever was in it is reset and the next one passes", async () => {
  const caller = await call();
  await exchange(caller, "before");
  proxy.set("blackhole");
  caller.say("into the hole");
  const beside = await call();
  beside.say("so is this");
  await exchangeWithoutProxy();
  expect([caller.isOpen(), beside.isOpen()]).toEqual([true, true]);
  proxy.set("pass");
  await Promise.all([caller.closed, beside.closed]);
  expect([caller.heard(), beside.heard()]).toEqual(["before", ""]);
  await exchange(await call(), "after");
});

test("in a black hole the end of one side is not told to the other", async () => {
  const caller = await call();
  await exchange(caller, "before");
  proxy.set("blackhole");
  for (const socket of taken) socket.destroy();
  await exchangeWithoutProxy();
  expect(caller.isOpen()).toBe(true);
  proxy.set("pass");
  await caller.closed;
});

test("a reset ends what is open and nothing else; a cut also refuses what is new", async () => {
  const caller = await call();
  proxy.set("reset");
  await caller.closed;
  const next = await call();
  await exchange(next, "passes");
  proxy.set("cut");
  await next.closed;
  const refused = await call();
  await refused.closed;
  expect(refused.heard()).toBe("");
});

/** A round through the echo beside the proxy: whatever was to happen by then has happened. */
async function exchangeWithoutProxy(): Promise<void> {
  const socket = net.connect((echo.address() as net.AddressInfo).port, "127.0.0.1");
  for (let round = 0; round < 20; round += 1) {
    socket.write("fence");
    await new Promise((heard) => socket.once("data", heard));
  }
  socket.destroy();
}
