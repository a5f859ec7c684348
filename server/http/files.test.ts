import { afterAll, beforeAll, describe, expect, spyOn, test } from "bun:test";
import { connect, type Socket } from "node:net";
import type { Principal } from "../chat/principal.ts";
import { endSignIn } from "../chat/sign-ins.ts";
import { pngOf } from "../testing/pictures.ts";
import { polyglots } from "../testing/polyglots.ts";
import { onDisk } from "../testing/uploads.ts";
import { type OpenDoor, openDoor, tokenOf, visit } from "../testing/visitor.ts";
import { draft, type World, world } from "../testing/world.ts";

const generous = { per_second: 10_000, burst: 10_000 };
let here: World;
let open: OpenDoor;
let port: number;
beforeAll(async () => {
  here = await world();
  open = openDoor(here, { config: { requests: generous, requests_by_address: generous, sends: generous } });
  port = open.app.listen({ port: 0, hostname: "127.0.0.1" }).server?.port ?? expect.unreachable();
});
afterAll(async () => {
  await open.app.server?.stop(true);
  await here.dispose();
});

const url = (path: string): string => `http://127.0.0.1:${port}/api/v1${path}`;
const asked = async (who: Principal, path: string, init: RequestInit = {}): Promise<Response> =>
  fetch(url(path), { ...init, headers: { authorization: `Bearer ${await tokenOf(open, who)}`, ...init.headers } });
const upload = async (body: Bun.BodyInit, name = "note.txt", headers: Record<string, string> = {}): Promise<Response> =>
  asked(here.bob, `/rooms/${here.room.id}/files`, {
    method: "POST",
    body,
    headers: { "content-type": "application/octet-stream", "x-file-name": encodeURIComponent(name), ...headers },
  });
const idOf = async (answer: Response): Promise<string> => ((await answer.json()) as { id: string }).id;

test("what was sent comes back byte for byte, says that it runs nowhere, and is a download", async () => {
  const sent = await upload("<html><script>canary()</script>", "ü \"'猫.html");
  expect(sent.status).toBe(201);
  const answer = await asked(here.bob, `/files/${await idOf(sent)}`);
  expect(await answer.text()).toBe("<html><script>canary()</script>");
  expect(Object.fromEntries(answer.headers)).toMatchObject({
    "content-type": "application/octet-stream",
    "content-disposition": `attachment; filename="_ ___.html"; filename*=UTF-8''%C3%BC%20%22%27%E7%8C%AB.html`,
    "content-security-policy": "sandbox; default-src 'none'",
    "x-content-type-options": "nosniff",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "private, no-cache",
    "accept-ranges": "bytes",
  });
});

test("a picture that has been decoded is shown as what it is, and asked for again by its ETag", async () => {
  const file_id = await idOf(await upload(pngOf(1_000, 20), "nice.html"));
  const answer = await asked(here.bob, `/files/${file_id}`);
  expect([answer.headers.get("content-type"), answer.headers.get("content-disposition")]).toEqual([
    "image/png",
    `inline; filename="nice.html"; filename*=UTF-8''nice.html`,
  ]);
  const preview = await asked(here.bob, `/files/${file_id}/preview`);
  expect([preview.headers.get("content-type"), preview.headers.get("content-security-policy")]).toEqual([
    "image/webp",
    "sandbox; default-src 'none'",
  ]);
  const again = await asked(here.bob, `/files/${file_id}`, { headers: { "if-none-match": answer.headers.get("etag") ?? "" } });
  expect([again.status, await again.text()]).toEqual([304, ""]);
  expect((await asked(here.ann, `/files/${file_id}`, { headers: { "if-none-match": answer.headers.get("etag") ?? "" } })).status).toBe(404);
});

test("a part is answered with that part; what is no part with the whole", async () => {
  const file_id = await idOf(await upload("0123456789"));
  const part = async (range: string, more: Record<string, string> = {}) => {
    const answer = await asked(here.bob, `/files/${file_id}`, { headers: { range, ...more } });
    return [answer.status, await answer.text(), answer.headers.get("content-range")];
  };
  expect(await part("bytes=2-4")).toEqual([206, "234", "bytes 2-4/10"]);
  expect(await part("bytes=7-")).toEqual([206, "789", "bytes 7-9/10"]);
  expect(await part("bytes=-3")).toEqual([206, "789", "bytes 7-9/10"]);
  expect(await part("bytes=8-99")).toEqual([206, "89", "bytes 8-9/10"]);
  expect(await part("bytes=10-")).toEqual([416, "", "bytes */10"]);
  for (const odd of ["bytes=4-2", "bytes=-", "lines=1-2", `bytes=${"0-1,".repeat(5_000)}2-3`.slice(0, 6_000)])
    expect(await part(odd)).toEqual([200, "0123456789", null]);
});

test("bytes come only as bytes, and only where files do; a form of another page cannot send them", async () => {
  const statuses = await Promise.all(
    ["text/plain", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded", "application/json", "image/png"].map(
      async (type) => (await upload("x", "x", { "content-type": type })).status,
    ),
  );
  expect(statuses).toEqual([415, 415, 415, 415, 415]);
  const bytes = { method: "POST", body: "{}", headers: { "content-type": "application/octet-stream" } };
  expect((await asked(here.bob, `/rooms/${here.room.id}/messages`, bytes)).status).toBe(415);
  expect((await upload("x", "x", { origin: "https://evil.example" })).status).toBe(403);
});

test("elsewhere a body without a length is cut off where its bounds are, however much follows", async () => {
  let sent = 0;
  const body = new ReadableStream({
    pull(controller) {
      controller.enqueue(new Uint8Array(65_536).fill(32));
      if ((sent += 65_536) > 50_000_000) controller.close();
    },
  });
  const answer = await asked(here.bob, "/me", { method: "PATCH", body, headers: { "content-type": "application/json" } }).catch(() => null);
  expect(answer?.status ?? 413).toBe(413);
  expect(sent).toBeLessThan(50_000_000);
});

test("names that would lead out of the folder name nothing but the file", async () => {
  const names = ["../../../../etc/passwd", "..\\..\\boot.ini", "%2e%2e%2f", "/etc/shadow", "....//....//x", "a/../b", "\0/x", "con", ".htaccess"];
  for (const name of names) expect([name, (await upload("x", name)).status]).toEqual([name, 201]);
  expect((await upload("x", "x", { "x-file-name": "%ff" })).status).toBe(422);
  for (const path of onDisk(here.files)) expect(path).toMatch(/^tenant-one\/[0-9a-f]{2}\/[0-9a-f]{64}$/u);
  for (const odd of ["..%2f..%2fsnug.db", "%2e%2e", "incoming", "tenant-one%2f00"])
    expect((await asked(here.bob, `/files/${odd}`)).status).toBeOneOf([404, 422]);
});

describe("a ticket saves one file once, without a credential:", () => {
  const posted = async (body: Bun.BodyInit = "the whole log", name = "log.txt"): Promise<{ file_id: string; message_id: string }> => {
    const file_id = await idOf(await upload(body, name));
    const sent = await visit(open, here.bob).post(`/rooms/${here.room.id}/messages`, draft("", { files: [file_id] }));
    return { file_id, message_id: sent.body.id };
  };
  const ticketFor = async (who: Principal, file_id: string): Promise<{ url: string; expires_in: number }> => {
    const answer = await asked(who, `/files/${file_id}/tickets`, { method: "POST" });
    expect(answer.status).toBe(201);
    return (await answer.json()) as { url: string; expires_in: number }; // the route's schema
  };
  const opened = (path: string, init: RequestInit = {}): Promise<Response> => fetch(`http://127.0.0.1:${port}${path}`, init);
  const statusOf = async (path: string): Promise<number> => (await opened(path)).status;

  test("as a download under its own name, a picture too; and not a second time", async () => {
    const { file_id } = await posted(pngOf(30, 20), "tide.png");
    const { url: address, expires_in } = await ticketFor(here.ann, file_id);
    const answer = await opened(address);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      "content-type": "application/octet-stream",
      "content-disposition": `attachment; filename="tide.png"; filename*=UTF-8''tide.png`,
      "content-security-policy": "sandbox; default-src 'none'",
      "cache-control": "no-store",
    });
    expect([answer.status, expires_in <= 60, (await answer.bytes()).length > 0]).toEqual([200, true, true]);
    expect(await statusOf(address)).toBe(401);
  });

  test("to one of twenty who come with it at once", async () => {
    const { url: address } = await ticketFor(here.bob, (await posted()).file_id);
    const answers = await Promise.all(Array.from({ length: 20 }, () => statusOf(address)));
    expect(Object.groupBy(answers, String)).toEqual({ "200": [200], "401": Array.from({ length: 19 }, () => 401) });
  });

  test("within its minute, for that file, and opens no socket; a socket's opens no file", async () => {
    const [one, other] = [await posted(), await posted("another")];
    const { url: address } = await ticketFor(here.bob, one.file_id);
    expect(await statusOf(address.replace(one.file_id, other.file_id))).toBe(401);
    const secret = address.split("=").at(-1) ?? "";
    const socket = { upgrade: "websocket", connection: "Upgrade", "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==", "sec-websocket-version": "13" };
    expect((await opened(`/ws?ticket=${secret}`, { headers: socket })).status).toBe(401);
    const { ticket } = (await (await asked(here.bob, "/ws/tickets", { method: "POST", body: "{}", headers: JSON_BODY })).json()) as {
      ticket: string;
    };
    expect(await statusOf(`/api/v1/files/${one.file_id}/download?ticket=${ticket}`)).toBe(401);
    expect(await statusOf(address)).toBe(200); // what it was not meant for has not used it up
    const late = await ticketFor(here.bob, one.file_id);
    here.clock.advance(60_001);
    expect(await statusOf(late.url)).toBe(401);
  });

  test("as long as who asked for it may read it: not after the message, the membership, the sign-in, or the user has gone", async () => {
    const leaver = await here.person("tenant-one", "leaver");
    const enter = () => visit(open, here.ann).post(`/rooms/${here.room.id}/members`, { user_id: leaver.user_id });
    await enter();
    const { file_id, message_id } = await posted();
    const kept = await ticketFor(leaver, file_id);
    expect(await statusOf(kept.url)).toBe(200);
    const [out, over, removed] = [await ticketFor(leaver, file_id), await ticketFor(leaver, file_id), await ticketFor(here.ann, file_id)];
    await visit(open, here.ann).delete(`/rooms/${here.room.id}/members/${leaver.user_id}`);
    expect(await statusOf(out.url)).toBe(404);
    await enter();
    await endSignIn(here.chat, leaver, leaver.via);
    expect(await statusOf(over.url)).toBe(401);
    await visit(open, here.bob).delete(`/rooms/${here.room.id}/messages/${message_id}`);
    expect(await statusOf(removed.url)).toBe(404);
  });

  test("and is given to nobody who cannot read it: not to cy, nor to mallory, nor for what another has not posted", async () => {
    const { file_id } = await posted();
    const unposted = await idOf(await upload("not yet"));
    for (const who of [here.cy, here.mallory]) expect((await asked(who, `/files/${file_id}/tickets`, { method: "POST" })).status).toBe(404);
    expect((await asked(here.ann, `/files/${unposted}/tickets`, { method: "POST" })).status).toBe(404);
    expect(await statusOf((await ticketFor(here.bob, unposted)).url)).toBe(200);
  });
});

const JSON_BODY = { "content-type": "application/json" };

test("a sign-in that has ended opens no file, by whatever address it knew", async () => {
  const file_id = await idOf(await upload("of bob"));
  const gone = await here.person("tenant-one", "gone");
  await visit(open, here.ann).post(`/rooms/${here.room.id}/members`, { user_id: gone.user_id });
  await visit(open, here.bob).post(`/rooms/${here.room.id}/messages`, draft("", { files: [file_id] }));
  expect((await asked(gone, `/files/${file_id}`)).status).toBe(200);
  await endSignIn(here.chat, gone, gone.via);
  expect((await asked(gone, `/files/${file_id}`)).status).toBe(401);
});

test("100 files that are two things at once are kept as one of them, and shown only as the picture they are", async () => {
  const made = await polyglots();
  expect(made.length).toBeGreaterThanOrEqual(100);
  let shown = 0;
  for (const { name, bytes } of made) {
    const file_id = await idOf(await upload(bytes, name));
    const answer = await asked(here.bob, `/files/${file_id}`);
    const [type, disposition, sandbox] = ["content-type", "content-disposition", "content-security-policy"].map(
      (header) => answer.headers.get(header) ?? "",
    );
    expect([name, sandbox, answer.headers.get("x-content-type-options")]).toEqual([name, "sandbox; default-src 'none'", "nosniff"]);
    if (disposition?.startsWith("inline")) {
      shown += 1;
      expect(type).toMatch(/^image\/(png|jpeg|gif|webp)$/u);
      expect([name, (await answer.text()).includes("canary")]).toEqual([name, false]);
    } else expect([name, type]).toEqual([name, "application/octet-stream"]);
  }
  expect([shown > 20, shown < made.length]).toEqual([true, true]); // some of them are pictures
}, 30_000);

test("a line that still brings something is waited for, however long all of it takes", async () => {
  const server = open.app.server ?? expect.unreachable();
  const waits = spyOn(server, "timeout");
  let sent = 0;
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      while (waits.mock.calls.length < sent) await Bun.sleep(1); // the one before has come: this is a piece of its own
      controller.enqueue(Buffer.from("a piece"));
      if ((sent += 1) === 5) controller.close();
    },
  });
  expect((await upload(body)).status).toBe(201);
  expect(waits.mock.calls.length).toBeGreaterThanOrEqual(5);
  expect(new Set(waits.mock.calls.map(([, seconds]) => seconds))).toEqual(new Set([120]));
  waits.mockRestore();
});

describe("a line that is slow or breaks off:", () => {
  const head = async (length: number): Promise<string> =>
    [
      `POST /api/v1/rooms/${here.room.id}/files HTTP/1.1`,
      "Host: localhost",
      "Content-Type: application/octet-stream",
      `Authorization: Bearer ${await tokenOf(open, here.bob)}`,
      `Content-Length: ${length}`,
      "",
      "",
    ].join("\r\n");
  const dial = async (): Promise<{ socket: Socket; closed: Promise<void>; heard(): string }> => {
    const socket = connect(port, "127.0.0.1");
    let heard = "";
    socket.on("data", (bytes) => (heard += bytes.toString("latin1")));
    const closed = new Promise<void>((resolve) => socket.on("close", () => resolve()).on("error", () => resolve()));
    await new Promise((resolve) => socket.once("connect", resolve));
    return { socket, closed, heard: () => heard };
  };

  test("what breaks off leaves nothing, whichever byte was the last", async () => {
    const before = onDisk(here.files);
    const { depot } = here.chat;
    for (const bytes of [0, 1, 5_000]) {
      const { promise: ended, resolve } = Promise.withResolvers<unknown>();
      const { promise: begun, resolve: began } = Promise.withResolvers<void>();
      const take: typeof depot.take = async (tenant_id, body, most) => {
        began();
        return depot.take(tenant_id, body, most).catch((fault: unknown) => {
          resolve(fault);
          throw fault;
        });
      };
      Object.assign(here.chat, { depot: { ...depot, take } });
      const { socket } = await dial();
      socket.write(await head(10_000));
      socket.write(Buffer.alloc(bytes, "x"));
      await begun;
      socket.destroy();
      await ended;
      expect([bytes, onDisk(here.files)]).toEqual([bytes, before]);
    }
    Object.assign(here.chat, { depot });
  });
});
