/** A TCP proxy between browser and server that can swallow what passes, both ways or the answers only, or cut every connection. */
import net from "node:net";

export type Mode = "pass" | "blackhole" | "mute" | "cut";
export type Proxy = { readonly port: number; set(mode: Mode): void; close(): void };

/** `mute` swallows what the server answers. Leaving it or `blackhole` resets the connections it held: TCP never loses its middle. */
export function startProxy(target: number): Promise<Proxy> {
  let mode: Mode = "pass";
  const live = new Set<net.Socket>();
  const carry = (from: net.Socket, to: net.Socket, through: readonly Mode[]): void => {
    from.on("data", (bytes) => void (through.includes(mode) && to.write(bytes)));
    from.on("error", () => {});
    from.on("close", () => {
      live.delete(from);
      if (mode === "pass" || mode === "cut") to.destroy();
    });
  };
  const server = net.createServer((near) => {
    if (mode === "cut") {
      near.resetAndDestroy();
      return;
    }
    const far = net.connect(target, "127.0.0.1");
    live.add(near).add(far);
    carry(near, far, ["pass", "mute"]);
    carry(far, near, ["pass"]);
  });
  const set = (next: Mode): void => {
    if (next === "cut" || mode === "blackhole" || mode === "mute") for (const socket of live) socket.resetAndDestroy();
    mode = next;
  };
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      resolve({
        port,
        set,
        close() {
          for (const socket of live) socket.destroy();
          server.close();
        },
      });
    });
  });
}
