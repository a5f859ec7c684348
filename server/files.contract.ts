/** Files, where a process can end and memory can be measured: of the sources and of the executable. */
import { afterEach, beforeEach, expect, test } from "bun:test";
import { readFileSync, utimesSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { type Served, type Yard, yard } from "./testing/process.ts";
import { onDisk } from "./testing/uploads.ts";

const MB = 1_000_000;
const LONG_MB = 200;
const GROWS_BY_MB = 80; // what one upload and one download may cost, however long they are

/** `long`: also what takes as long as a large file does. */
export function fileSentences({ long = false } = {}): void {
  let here: Yard;
  beforeEach(async () => void (here = await yard()));
  afterEach(() => here.dispose());
  const files = (): string[] => onDisk(join(here.data, "files"));

  test("killed while a file comes, at whichever byte, it shows nothing of it afterwards, and its temporary goes with the sweep of a day later", async () => {
    let server = await here.serve();
    const ann = await arrive(server);
    for (const bytes of [1, 70_000, 199_999]) {
      const before = files().length;
      const line = await begin(server, ann, 200_000);
      line.write(Buffer.alloc(bytes, "x"));
      await until(() => files().length > before);
      await server.end("SIGKILL");
      line.destroy();
      expect(files().every((name) => name.startsWith("incoming/"))).toBe(true);
      server = await here.serve(["--sweep-every", "100ms"]);
      for (const name of files()) utimesSync(join(here.data, "files", name), 0, 0); // as old as a day makes it
      await until(() => files().length === 0);
    }
    await server.end("SIGTERM");
  });

  if (!long) return;
  test(`${LONG_MB} megabytes stream in and out again, and memory stays flat`, async () => {
    const server = await here.serve(["--limit-file-bytes", String(300 * MB)]);
    const ann = await arrive(server);
    const warm = await upload(server, ann, MB);
    await fetch(`${server.url}/api/v1/files/${warm}`, { headers: ann.headers }).then((answer) => answer.arrayBuffer());
    const before = residentMb(server.pid);
    let most = before;
    const look = (): void => void (most = Math.max(most, residentMb(server.pid)));
    const id = await upload(server, ann, LONG_MB * MB, look);
    const answer = await fetch(`${server.url}/api/v1/files/${id}`, { headers: ann.headers });
    let came = 0;
    for await (const chunk of answer.body ?? []) {
      came += chunk.length;
      look();
    }
    console.log(`memory grew by ${(most - before).toFixed(1)} MB`);
    expect(came).toBe(LONG_MB * MB);
    expect(most - before).toBeLessThan(GROWS_BY_MB);
    await server.end("SIGTERM");
  });
}

type Ann = { headers: { authorization: string }; room_id: string };

async function arrive({ url, setup_token }: Served): Promise<Ann> {
  const body = JSON.stringify({ setup_token, workspace: "Harbour", username: "ann", password: "a lighthouse keeper" });
  const made = await fetch(`${url}/api/v1/setup`, { method: "POST", body, headers: { "content-type": "application/json" } });
  const { access_token } = (await made.json()) as { access_token: string };
  const headers = { authorization: `Bearer ${access_token}` };
  const rooms = (await (await fetch(`${url}/api/v1/rooms`, { headers })).json()) as { items: { id: string }[] };
  return { headers, room_id: rooms.items[0]?.id ?? "" };
}

const typed = { "content-type": "application/octet-stream", "x-file-name": "long.bin" };

async function upload({ url }: Served, { headers, room_id }: Ann, bytes: number, look = (): void => {}): Promise<string> {
  const chunk = new Uint8Array(MB);
  let left = bytes;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      look();
      controller.enqueue(left < MB ? chunk.subarray(0, left) : chunk);
      if ((left -= MB) <= 0) controller.close();
    },
  });
  const answer = await fetch(`${url}/api/v1/rooms/${room_id}/files`, { method: "POST", body, headers: { ...headers, ...typed } });
  expect(answer.status).toBe(201);
  return ((await answer.json()) as { id: string }).id;
}

/** A line on which so many bytes are announced, and none has come. */
async function begin({ url }: Served, { headers, room_id }: Ann, bytes: number) {
  const { hostname, port } = new URL(url);
  const line = connect(Number(port), hostname);
  line.on("error", () => {}); // the server is killed
  await new Promise((resolve) => line.once("connect", resolve));
  const all = { host: `${hostname}:${port}`, ...headers, ...typed, "content-length": String(bytes) };
  line.write(
    `POST /api/v1/rooms/${room_id}/files HTTP/1.1\r\n${Object.entries(all)
      .map((one) => one.join(": "))
      .join("\r\n")}\r\n\r\n`,
  );
  return line;
}

const residentMb = (pid: number): number => Number(/VmRSS:\s+(\d+) kB/u.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1_000;

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await Bun.sleep(5);
}
