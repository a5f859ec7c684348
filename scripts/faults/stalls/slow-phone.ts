/** A phone at the edge of the network brings a file for a minute. Who drips what he need not, a head or a small body, is cut meanwhile. */
import { connect, type Socket } from "node:net";
import { inScene, type Measured } from "./scene.ts";

const LINE_BYTES = 2_048; // a second
const SECONDS = 60;
const CUT_MS = 20_000;

type Line = { socket: Socket; heard(): string; closed_after(): number | null };

export function slowPhoneFinishes(executable: string): Promise<Measured> {
  return inScene({ executable }, async ({ served, room_id, owner }) => {
    const { hostname, port, host } = new URL(served.url);
    const dial = async (head: readonly string[]): Promise<Line> => {
      const socket = connect(Number(port), hostname);
      const begun = performance.now();
      let heard = "";
      let closed: number | null = null;
      socket.on("data", (bytes) => (heard += bytes.toString("latin1")));
      socket.on("close", () => (closed = performance.now() - begun)).on("error", () => {});
      await new Promise((resolve) => socket.once("connect", resolve));
      socket.write(head.join("\r\n"));
      return { socket, heard: () => heard, closed_after: () => closed };
    };
    const authorization = `Authorization: Bearer ${owner}`;
    const bytes = LINE_BYTES * SECONDS;
    const path = `/api/v1/rooms/${room_id}`;
    const octets = "Content-Type: application/octet-stream";
    const phone = await dial([`POST ${path}/files HTTP/1.1`, `Host: ${host}`, authorization, octets, `Content-Length: ${bytes}`, "", ""]);
    const silent = await dial([
      `POST ${path}/messages HTTP/1.1`,
      `Host: ${host}`,
      authorization,
      "Content-Type: application/json",
      "Content-Length: 90",
      "",
      "",
    ]);
    const head = await dial(["GET /health HTTP/1.1", `Host: ${host}`, "X-Slow: "]);
    for (let second = 0; second < SECONDS; second += 1) {
      await Bun.sleep(1_000);
      phone.socket.write(Buffer.alloc(LINE_BYTES, "x"));
      for (const drip of [silent, head]) if (drip.closed_after() === null && second % 4 === 3) drip.socket.write(" ");
    }
    for (let i = 0; i < 100 && phone.heard() === ""; i += 1) await Bun.sleep(50);
    const [cut_body, cut_head] = [silent.closed_after(), head.closed_after()];
    const took = /HTTP\/1\.1 (\d{3})/u.exec(phone.heard())?.[1] ?? "no answer";
    for (const { socket } of [phone, silent, head]) socket.destroy();
    const isCut = (ms: number | null): boolean => ms !== null && ms < CUT_MS;
    const inWords = (ms: number | null): string => (ms === null ? "NOT CUT" : `cut after ${(ms / 1_000).toFixed(1)} s`);
    return {
      pass: took === "201" && isCut(cut_body) && isCut(cut_head),
      what: `${bytes} bytes in ${SECONDS} s: ${took}; a body that drips: ${inWords(cut_body)}; a head that drips: ${inWords(cut_head)}`,
    };
  });
}
