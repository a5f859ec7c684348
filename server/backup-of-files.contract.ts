/** Files are part of a backup and come back with it: of the sources and of the executable. */
import { afterEach, beforeEach, expect, test } from "bun:test";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { filesOf } from "../db/sqlite-backup.ts";
import { freePort } from "../scripts/check/free-port.ts";
import { call, type Reach, reachOf } from "../scripts/faults/person.ts";
import { LIFTED, settle, type Someone } from "./backup.contract.ts";
import { pathIn } from "./files/names.ts";
import type { MessagePage } from "./protocol.ts";
import { type Served, type Yard, yard } from "./testing/process.ts";
import { onDisk } from "./testing/uploads.ts";

export function backupOfFilesSentences(): void {
  let here: Yard;
  let port: number;
  let reach: Reach;
  let copy: string;
  beforeEach(async () => {
    here = await yard();
    port = freePort();
    reach = reachOf(`http://127.0.0.1:${port}`);
    copy = join(here.folder, "copy.backup");
  });
  afterEach(() => here.dispose());
  const serve = (): Promise<Served> => here.serve(["--port", String(port), ...LIFTED]);

  test("a backup taken while files come and go holds each that its rows name, whole, and no other; and so does what is restored from it", async () => {
    const first = await serve();
    const { owner, room_id } = await settle(first);
    const left = new Map<string, string>(); // by message, the text of its file
    const stop = new AbortController();
    const busy = async (name: string): Promise<void> => {
      for (let i = 0; !stop.signal.aborted; i += 1) {
        const message_id = await sendFile(reach, owner, room_id, `${name} brings no. ${i}, in many words: ${"on and on ".repeat(5_000)}`);
        if (i % 3 === 0) left.set(message_id, `${name} brings no. ${i}, in many words: ${"on and on ".repeat(5_000)}`);
        else expect((await call(reach, "DELETE", `/rooms/${room_id}/messages/${message_id}`, owner.token))?.status).toBe(200);
      }
    };
    const people = Promise.all(["ann", "bob", "cy"].map(busy));
    while (left.size < 30) await Bun.sleep(5);
    expect(await here.run(["backup", copy])).toMatchObject({ code: 0, err: "", out: expect.stringContaining(`${copy}.files`) });
    const before = left.size;
    while (left.size < before + 10) await Bun.sleep(5);
    stop.abort();
    await people;
    for (const message_id of left.keys()) await call(reach, "DELETE", `/rooms/${room_id}/messages/${message_id}`, owner.token);
    expect(onDisk(join(here.data, "files"))).toEqual([]);
    await first.end("SIGTERM");

    const named = filesOf(copy)
      .map(({ tenant_id, hash }) => pathIn(tenant_id, hash))
      .toSorted(byName);
    expect(named.length).toBeGreaterThanOrEqual(30);
    for (const folder of [`${copy}.files`, join(here.data, "files")]) {
      if (folder !== `${copy}.files`)
        expect(await here.run(["restore", copy, "--replace"])).toMatchObject({ code: 0, out: expect.stringContaining(`${named.length} files`) });
      expect(onDisk(folder)).toEqual(named);
      for (const path of named) expect(path).toEndWith(`/${hashOf(readFileSync(join(folder, path)))}`);
    }

    const second = await serve();
    let read = 0;
    for (const { files, id } of await messagesOf(reach, room_id, owner))
      for (const file of files ?? []) {
        const answer = await fetch(`${reach.url}/api/v1/files/${file.id}`, { headers: { authorization: `Bearer ${owner.token}` } });
        expect(answer.status).toBe(200);
        const text = await answer.text();
        if (left.has(id)) expect(text).toBe(left.get(id) ?? "");
        read += 1;
      }
    expect(read).toBeGreaterThanOrEqual(30);
    await second.end("SIGTERM");
  });

  test("a file that a backup lacks, or holds otherwise, is told and takes no good one's place; those that are in no row are set aside", async () => {
    const server = await serve();
    const { owner, room_id } = await settle(server);
    const files = join(here.data, "files");
    for (const text of ["kept", "damaged", "lost"]) await sendFile(reach, owner, room_id, text);
    const pathOf = (text: string): string => onDisk(files).find((path) => path.endsWith(hashOf(text))) ?? expect.unreachable();
    const [kept, damaged] = [pathOf("kept"), pathOf("damaged")];
    rmSync(join(files, pathOf("lost")));
    expect(await here.run(["backup", copy])).toMatchObject({ code: 0, out: expect.stringMatching(/2 files[^]*1 files are not in it/u) });
    expect(await here.run(["backup", `${copy}-2`, "--without-files"])).toMatchObject({ code: 0, out: expect.stringContaining(`copy ${files}`) });
    expect(existsSync(`${copy}-2.files`)).toBe(false);
    await sendFile(reach, owner, room_id, "later");
    const later = pathOf("later");
    await server.end("SIGTERM");

    writeFileSync(join(`${copy}.files`, damaged), "something else");
    const restored = await here.run(["restore", copy, "--replace"]);
    expect(restored).toMatchObject({ code: 0, out: expect.stringMatching(/With 2 files[^]*1 files[^]*neither[^]*\.replaced/u) });
    expect(onDisk(files)).toEqual([`.replaced/${later}`, kept, damaged].toSorted(byName));
    expect(readFileSync(join(files, damaged), "utf8")).toBe("damaged");
    rmSync(files, { recursive: true });
    expect(await here.run(["restore", copy, "--replace"])).toMatchObject({ code: 0, out: expect.stringMatching(/With 1 files[^]*2 files/u) });
    expect(onDisk(files)).toEqual([kept]);
  });
}

const byName = (one: string, other: string): number => (one < other ? -1 : 1);
const hashOf = (bytes: Uint8Array | string): string => new Bun.CryptoHasher("sha256").update(bytes).digest("hex");

/** Gives the message's id. */
async function sendFile(reach: Reach, who: Someone, room_id: string, text: string): Promise<string> {
  const headers = { authorization: `Bearer ${who.token}`, "content-type": "application/octet-stream", "x-file-name": "note.txt" };
  const brought = await fetch(`${reach.url}/api/v1/rooms/${room_id}/files`, { method: "POST", body: text, headers });
  const { id } = (await brought.json()) as { id: string }; // the route's schema
  const draft = { client_id: crypto.randomUUID().replaceAll("-", ""), content: "", files: [id] };
  const sent = await call(reach, "POST", `/rooms/${room_id}/messages`, who.token, draft);
  expect([brought.status, sent?.status]).toEqual([201, 201]);
  return ((sent?.body ?? {}) as { id: string }).id;
}

async function messagesOf(reach: Reach, room_id: string, { token }: Someone): Promise<MessagePage["items"]> {
  const items: MessagePage["items"] = [];
  for (let more = true; more;) {
    const page = (await call(reach, "GET", `/rooms/${room_id}/messages?after_seq=${items.at(-1)?.seq ?? 0}&limit=200`, token))?.body as MessagePage;
    items.push(...page.items);
    more = page.more_after;
  }
  return items;
}
