/** Bodies that nobody asked for, where memory can be measured: of the sources and of the executable. */
import { afterEach, beforeEach, expect, test } from "bun:test";
import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { type Served, type Yard, yard } from "./testing/process.ts";

const MB = 1_000_000;
const ANNOUNCED_MB = 300;
const AFTERWARDS_MB = 10; // so much goes on coming after the answer, as if nobody listened to it
const GROWS_BY_MB = 40; // what eight of them at once may cost
const SINK = `import { definePlugin, defineRoute, t } from "snug/plugin";
export const plugin = definePlugin({
  name: "sink",
  routes: [defineRoute({ method: "POST", path: "/in", for: "anybody", body: t.Object({ text: t.String() }), answers: { 200: t.Object({}) }, handle: () => ({}) })],
});`;

export function bodySentences(): void {
  let here: Yard;
  beforeEach(async () => void (here = await yard()));
  afterEach(() => here.dispose());

  test(`${ANNOUNCED_MB} megabytes to a sign-in, a plugin's route, an operator's and one that is not there are refused before they have come, told or not, and memory stays flat`, async () => {
    const sink = join(here.folder, "sink.ts");
    writeFileSync(sink, SINK);
    chmodSync(sink, 0o600);
    const server = await here.serve(["--plugin", sink]);
    const small = await fetch(`${server.url}/plugins/sink/in`, {
      method: "POST",
      body: `{"text":"small"}`,
      headers: { "content-type": "application/json" },
    });
    expect(small.status).toBe(200);
    const before = residentMb(server.pid);
    const expected = { "/api/v1/auth/login": 413, "/plugins/sink/in": 413, "/api/v1/tenants": 413, "/api/v1/nowhere": 404 };
    const floods = Object.entries(expected).flatMap(([path, status]) => [true, false].map((is_told) => ({ path, status, is_told })));
    const answered = await Promise.all(floods.map(({ path, is_told }) => flood(server, path, is_told)));
    expect(answered.map(({ status }) => status)).toEqual(floods.map(({ status }) => status));
    const most = Math.max(...answered.map(({ resident_mb }) => resident_mb));
    console.log(
      `memory grew by ${(most - before).toFixed(1)} MB; the latest answer came after ${Math.max(...answered.map(({ sent_mb }) => sent_mb))} MB`,
    );
    expect(most - before).toBeLessThan(GROWS_BY_MB);
    expect(Math.max(...answered.map(({ sent_mb }) => sent_mb))).toBeLessThan(ANNOUNCED_MB / 2);
    await server.end("SIGTERM");
  });
}

/** Sends until it is answered, and some more. `sent_mb`: how much had been handed to the kernel by then. */
async function flood({ url, pid }: Served, path: string, is_told: boolean): Promise<{ status: number; sent_mb: number; resident_mb: number }> {
  const { hostname, port } = new URL(url);
  const line = connect(Number(port), hostname);
  const heard = { text: "", is_over: false };
  const answer = new Promise<void>((resolve) => line.on("data", (bytes) => resolve(void (heard.text += bytes.toString("latin1")))));
  const ended = new Promise<void>((resolve) => line.on("close", () => resolve()).on("error", () => resolve())).then(
    () => void (heard.is_over = true),
  );
  await new Promise((resolve) => line.once("connect", resolve));
  const length = is_told ? `content-length: ${ANNOUNCED_MB * MB}` : "transfer-encoding: chunked";
  line.write(`POST ${path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n${length}\r\n\r\n`);
  const body = Buffer.alloc(MB, " ");
  const piece = is_told ? body : Buffer.concat([Buffer.from(`${MB.toString(16)}\r\n`), body, Buffer.from("\r\n")]);
  let sent_mb = 0;
  let answered_mb: number | null = null;
  let resident_mb = 0;
  while (!heard.is_over && sent_mb < ANNOUNCED_MB && sent_mb < (answered_mb ?? sent_mb) + AFTERWARDS_MB) {
    if (!line.write(piece)) await Promise.race([new Promise<void>((resolve) => line.once("drain", () => resolve())), ended]);
    sent_mb += 1;
    resident_mb = Math.max(resident_mb, residentMb(pid));
    if (heard.text !== "") answered_mb ??= sent_mb;
  }
  await Promise.race([answer, ended]);
  line.destroy();
  return { status: Number(heard.text.split(" ")[1]), sent_mb: answered_mb ?? sent_mb, resident_mb };
}

const residentMb = (pid: number): number => Number(/VmRSS:\s+(\d+) kB/u.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1_000;
