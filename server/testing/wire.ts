/** A TCP wire that a test may cut: between Snug and its database, or between a client and Snug. Listens on 127.0.0.1 alone. */
import { createServer, connect, type Server, type Socket } from "node:net";

export type Wire = {
  port: number;
  /** Swallows what both sides say and lets neither know, for those connected now and those that come, until `heal`. */
  blackhole: () => void;
  /** Ends all connections and refuses new ones until `heal`. */
  cut: () => Promise<void>;
  /** Carries again. What was connected while the wire was a black hole stays dead. */
  heal: () => Promise<void>;
  /** How often one side has spoken after the other since the start: the round trips, twice. */
  turns: () => number;
  close: () => Promise<void>;
};

export async function makeWire(to_port: number): Promise<Wire> {
  const pairs = new Set<{ near: Socket; far: Socket; dead: boolean }>();
  let swallowing = false;
  let turns = 0;
  let last: "near" | "far" | null = null;

  const carry = (near: Socket) => {
    const far = connect(to_port, "127.0.0.1");
    const pair = { near, far, dead: swallowing };
    pairs.add(pair);
    const end = () => {
      if (pair.dead) return;
      pairs.delete(pair);
      near.destroy();
      far.destroy();
    };
    for (const [side, from, to] of [
      ["near", near, far],
      ["far", far, near],
    ] as const) {
      from.on("data", (chunk) => {
        if (pair.dead) return;
        if (last !== side) turns++;
        last = side;
        to.write(chunk);
      });
      from.on("error", end).on("close", end);
    }
  };

  let server: Server = await listen(carry, 0);
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("The wire has no port");
  const { port } = address;

  const cut = async () => {
    const closed = new Promise((done) => server.close(done));
    for (const { near, far } of pairs) {
      near.destroy();
      far.destroy();
    }
    pairs.clear();
    await closed;
  };

  return {
    port,
    turns: () => turns,
    blackhole() {
      swallowing = true;
      for (const pair of pairs) pair.dead = true;
    },
    cut,
    async heal() {
      swallowing = false;
      if (!server.listening) server = await listen(carry, port);
    },
    close: async () => {
      if (server.listening) await cut();
    },
  };
}

function listen(carry: (near: Socket) => void, port: number): Promise<Server> {
  return new Promise((ready, failed) => {
    const server = createServer(carry).once("error", failed);
    server.listen(port, "127.0.0.1", () => ready(server));
  });
}
