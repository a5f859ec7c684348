/** Files are part of a backup and come back with it: of the sources and of the executable. */
import { expect, test } from "bun:test";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { filesOf } from "../db/sqlite-backup.ts";
import type { Reach } from "../scripts/faults/person.ts";
import { pathIn } from "./files/names.ts";
import type { MessagePage } from "./protocol.ts";
import { placesForBackups, settle, type Someone } from "./testing/backups.ts";
import { onDisk } from "./testing/uploads.ts";

export function backupOfFilesSentences(): void {
  const place = placesForBackups();

  test("a backup taken while files come and go holds each that its rows name, whole, and no other; and so does what is restored from it", async () => {
    const { here, reach, copy, serve } = place();
    const first = await serve();
    const { owner, room_id } = await settle(first);
    const left = new Map<string, string>(); // by message, the text of its file
    const stop = new AbortController();
    const textOf = (name: string, i: number): string => `${name} brings no. ${i}, in many words: ${"on and on ".repeat(5_000)}`;
    const busy = async (name: string): Promise<void> => {
      for (let i = 0; !stop.signal.aborted; i += 1) {
        const message_id = await sendFile(reach, owner, room_id, textOf(name, i));
        if (i % 3 === 0) left.set(message_id, textOf(name, i));
        else await asked(reach, owner, "DELETE", `/rooms/${room_id}/messages/${message_id}`);
      }
    };
    const people = Promise.all(["ann", "bob", "cy"].map(busy));
    while (left.size < 9) await Bun.sleep(5);
    const sure = [...left.keys()];
    expect(await here.run(["backup", copy])).toMatchObject({ code: 0, err: "", out: expect.stringContaining(`${copy}.files`) });
    const before = left.size;
    while (left.size < before + 3) await Bun.sleep(5);
    stop.abort();
    await people;
    await first.end("SIGTERM");
    rmSync(join(here.data, "files"), { recursive: true });

    const named = filesOf(copy)
      .map(({ tenant_id, hash }) => pathIn(tenant_id, hash))
      .toSorted(byName);
    expect(named.length).toBeGreaterThanOrEqual(sure.length);
    for (const folder of [`${copy}.files`, join(here.data, "files")]) {
      if (folder !== `${copy}.files`)
        expect(await here.run(["restore", copy, "--replace"])).toMatchObject({ code: 0, out: expect.stringContaining(`${named.length} files`) });
      expect(onDisk(folder)).toEqual(named);
      for (const path of named) expect(path).toEndWith(`/${hashOf(readFileSync(join(folder, path)))}`);
    }

    const second = await serve();
    const read: string[] = [];
    for (const { files, id } of await messagesOf(reach, room_id, owner))
      for (const file of files ?? []) {
        const text = await (await asked(reach, owner, "GET", `/files/${file.id}`)).text();
        if (left.has(id)) expect(text).toBe(left.get(id) ?? "");
        read.push(id);
      }
    expect(read).toEqual(expect.arrayContaining(sure));
    await second.end("SIGTERM");
  });

  test("a file that a backup lacks, or holds otherwise, is told and takes no good one's place; those that are in no row are set aside", async () => {
    const { here, reach, copy, serve } = place();
    const server = await serve();
    const { owner, room_id } = await settle(server);
    const files = join(here.data, "files");
    for (const text of ["kept", "damaged", "lost"]) await sendFile(reach, owner, room_id, text);
    const pathOf = (text: string): string => onDisk(files).find((path) => path.endsWith(hashOf(text))) ?? expect.unreachable();
    const [kept, damaged] = [pathOf("kept"), pathOf("damaged")];
    rmSync(join(files, pathOf("lost")));
    expect(await here.run(["backup", copy])).toMatchObject({ code: 0, out: expect.stringMatching(/2 files[^]*Not in it: 1 file\b/u) });
    expect(await here.run(["backup", `${copy}-2`, "--without-files"])).toMatchObject({ code: 0, out: expect.stringContaining(`copy ${files}`) });
    expect(existsSync(`${copy}-2.files`)).toBe(false);
    await sendFile(reach, owner, room_id, "later");
    const later = pathOf("later");
    await server.end("SIGTERM");

    writeFileSync(join(`${copy}.files`, damaged), "something else");
    const restored = await here.run(["restore", copy, "--replace"]);
    expect(restored).toMatchObject({ code: 0, out: expect.stringMatching(/With 2 files[^]*Neither[^]*1 file\b[^]*\.replaced/u) });
    expect(onDisk(files)).toEqual([`.replaced/${later}`, kept, damaged].toSorted(byName));
    expect(readFileSync(join(files, damaged), "utf8")).toBe("damaged");
    rmSync(files, { recursive: true });
    expect(await here.run(["restore", copy, "--replace"])).toMatchObject({ code: 0, out: expect.stringMatching(/With 1 file\b[^]*2 files/u) });
    expect(onDisk(files)).toEqual([kept]);
  });
}

const byName = (one: string, other: string): number => (one < other ? -1 : 1);
const hashOf = (bytes: Uint8Array | string): string => new Bun.CryptoHasher("sha256").update(bytes).digest("hex");

/** However long it takes. Throws for anything but what was asked for. */
async function asked({ url }: Reach, { token }: Someone, method: string, path: string, body?: string, more: Record<string, string> = {}) {
  const headers = { authorization: `Bearer ${token}`, ...(body !== undefined && { "content-type": "application/json" }), ...more };
  const answer = await fetch(`${url}/api/v1${path}`, { method, headers, ...(body !== undefined && { body }) });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  return answer;
}

/** Gives the message's id. */
async function sendFile(reach: Reach, who: Someone, room_id: string, text: string): Promise<string> {
  const bytes = { "content-type": "application/octet-stream", "x-file-name": "note.txt" };
  const { id } = (await (await asked(reach, who, "POST", `/rooms/${room_id}/files`, text, bytes)).json()) as { id: string }; // the route's schema
  const draft = JSON.stringify({ client_id: crypto.randomUUID().replaceAll("-", ""), content: "", files: [id] });
  return ((await (await asked(reach, who, "POST", `/rooms/${room_id}/messages`, draft)).json()) as { id: string }).id;
}

async function messagesOf(reach: Reach, room_id: string, who: Someone): Promise<MessagePage["items"]> {
  const items: MessagePage["items"] = [];
  for (let more = true; more;) {
    const answer = await asked(reach, who, "GET", `/rooms/${room_id}/messages?after_seq=${items.at(-1)?.seq ?? 0}&limit=200`);
    const page = (await answer.json()) as MessagePage; // the route's schema
    items.push(...page.items);
    more = page.more_after;
  }
  return items;
}
