/**
 * A TCP proxy on loopback that stands for a bad network. What it lets through is never changed, reordered or cut in its middle: a stream that
 * has lost a byte is reset, as a network's would be.
 */
import net from "node:net";

/**
 * `pass` · `delay:<ms>` each way · `slow:<bytes per second>` each way · `blackhole`: connections stay open and nothing comes through ·
 * `cut`: what is open is reset, what is new is refused · `reset`: what is open is reset once, then `pass`. Leaving `blackhole` resets what
 * lived through it.
 */
export type ProxyMode = "pass" | "blackhole" | "cut" | "reset" | `delay:${number}` | `slow:${number}`;

export type FaultProxy = {
  readonly port: number;
  set(mode: ProxyMode): void;
  /** Ends every connection and stops listening. */
  close(): Promise<void>;
};

/** Listens on a free port of 127.0.0.1 and connects each caller with `target` on 127.0.0.1. */
export async function openProxy(target: number): Promise<FaultProxy> {
  let mode: ProxyMode = "pass";
  const pairs = new Set<Pair>();
  const server = net.createServer((near) => {
    if (mode === "cut") {
      near.resetAndDestroy();
      return;
    }
    const pair: Pair = { near, far: net.connect(target, HOST), late: [], open: 2 };
    pairs.add(pair);
    const modeNow = (): ProxyMode => mode;
    carry(pair, pair.near, pair.far, modeNow);
    carry(pair, pair.far, pair.near, modeNow);
    for (const socket of [pair.near, pair.far]) {
      socket.on("close", () => {
        pair.open -= 1;
        if (pair.open === 0) pairs.delete(pair);
      });
    }
  });
  await new Promise<void>((listening, failed) => server.once("error", failed).listen(0, HOST, listening));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The proxy has no port.");
  return {
    port: address.port,
    set(next) {
      const healing = mode === "blackhole" && next !== "blackhole";
      mode = next === "reset" ? "pass" : next;
      if (healing || next === "cut" || next === "reset") for (const pair of pairs) end(pair, "reset");
    },
    close() {
      for (const pair of pairs) end(pair, "destroy");
      return new Promise((closed) => void server.close(() => closed()));
    },
  };
}

/** `late` holds what is under way by a clock: it is dropped with the connection. `open` counts the ends that have not closed. */
type Pair = { near: net.Socket; far: net.Socket; late: ReturnType<typeof setTimeout>[]; open: number };

const HOST = "127.0.0.1";

function carry(pair: Pair, from: net.Socket, to: net.Socket, modeNow: () => ProxyMode): void {
  const later = (ms: number, run: () => void): void => void pair.late.push(setTimeout(run, ms));
  from.on("data", (bytes) => {
    const mode = modeNow();
    if (mode === "blackhole") return;
    if (mode.startsWith("delay:")) return later(amountOf(mode), () => to.write(bytes));
    const flowing = to.write(bytes);
    if (mode.startsWith("slow:")) {
      from.pause();
      later((bytes.length / amountOf(mode)) * 1_000, () => from.resume());
    } else if (!flowing) {
      from.pause();
      to.once("drain", () => from.resume());
    }
  });
  from.on("error", () => {}); // `close` follows, and says all there is to say
  from.on("close", () => {
    const mode = modeNow();
    if (mode === "blackhole") return; // the other end learns nothing until the network is back
    const grace_ms = mode.startsWith("delay:") ? amountOf(mode) + 20 : 0; // after the last bytes under way
    setTimeout(() => to.destroy(), grace_ms);
  });
}

function end({ near, far, late }: Pair, how: "reset" | "destroy"): void {
  for (const timer of late.splice(0)) clearTimeout(timer);
  for (const socket of [near, far]) {
    if (how === "reset") socket.resetAndDestroy();
    else socket.destroy();
  }
}

const amountOf = (mode: string): number => Number(mode.split(":")[1]);
