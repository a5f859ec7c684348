/** What holds behind whichever proxy stands in front of Snug: each gives why it does not, or null. */
import { request as plain } from "node:http";
import { request } from "node:https";
import type { Proxy } from "./proxy-tools.ts";

export const FILE_BYTES = 100 * 1_024 * 1_024; // as many as --limit-file-bytes says where nobody sets it

type Scene = { proxy: Proxy; owner: string; room_id: string };

export const sentences: Record<string, (scene: Scene) => Promise<string | null>> = {
  "a page signs in over TLS, and its cookie belongs to this host alone": async ({ proxy }) => {
    const body = JSON.stringify({ username: "owner", password: "the long password of owner", session: "cookie" });
    const origin = `https://localhost:${proxy.https_port}`;
    const { status, headers } = await ask(proxy, "POST", "/api/v1/auth/login", { from: "127.0.0.5", body, headers: { ...json, origin } });
    const cookie = String(headers["set-cookie"] ?? "");
    const safe = cookie.startsWith("__Host-snug=") && cookie.includes("Secure") && headers["strict-transport-security"] !== undefined;
    return same({ status, safe, nosniff: headers["x-content-type-options"] }, { status: 200, safe: true, nosniff: "nosniff" });
  },

  "a socket opens, and hears what is posted through the proxy": async ({ proxy, owner, room_id }) => {
    const bearer = { authorization: `Bearer ${owner}` };
    const { body } = await ask(proxy, "POST", "/api/v1/ws/tickets", { body: "{}", headers: { ...json, ...bearer } });
    const { ticket }: { ticket: string } = JSON.parse(body);
    const socket = new WebSocket(`wss://localhost:${proxy.https_port}/ws`, {
      protocols: ["snug.v1", `ticket.${ticket}`],
      tls: { rejectUnauthorized: false },
    });
    const heard = new Promise<string>((resolve) => {
      socket.onclose = ({ code }) => resolve(`closed with ${code}`);
      socket.onmessage = ({ data }) => {
        const { type, message } = JSON.parse(String(data)) as { type: string; message?: { content: string } };
        if (type === "ready" || type === "hello" || type === "welcome") socket.send(JSON.stringify({ type: "sync", rooms: [[room_id, 0]] }));
        if (type === "message" && message?.content === "through it") resolve("through it");
      };
    });
    await new Promise((resolve) => socket.addEventListener("open", resolve));
    const draft = JSON.stringify({ client_id: `proxy-${proxy.name}-0000000000`, content: "through it" });
    const { status } = await ask(proxy, "POST", `/api/v1/rooms/${room_id}/messages`, { body: draft, headers: { ...json, ...bearer } });
    const said = await Promise.race([heard, Bun.sleep(5_000).then(() => "nothing within five seconds")]);
    socket.close();
    return same({ status, said }, { status: 201, said: "through it" });
  },

  "a file of a hundred megabytes comes and goes as it is, one that is larger is refused by the proxy": async ({ proxy, owner, room_id }) => {
    const bytes = Buffer.alloc(FILE_BYTES, "a line of the tide table\n");
    const bearer = { authorization: `Bearer ${owner}` };
    const headers = { ...bearer, "content-type": "application/octet-stream", "x-file-name": "tides.txt" };
    const sent = await ask(proxy, "POST", `/api/v1/rooms/${room_id}/files`, { body: bytes, headers });
    const { id }: { id?: string } = sent.status === 201 ? JSON.parse(sent.body) : {};
    const back = await ask(proxy, "GET", `/api/v1/files/${id}`, { headers: bearer });
    const larger = await ask(proxy, "POST", `/api/v1/rooms/${room_id}/files`, {
      headers: { ...headers, "content-length": String(2 * FILE_BYTES) },
      body: "x",
    });
    const told = { sent: sent.status, back: back.hash === new Bun.CryptoHasher("sha256").update(bytes).digest("hex"), larger: larger.status };
    return same(told, { sent: 201, back: true, larger: 413 });
  },

  "a body is refused by Snug where it is a little too large, by the proxy where it is much too large": async ({ proxy }) => {
    const post = (length: number) => ask(proxy, "POST", "/api/v1/auth/login", { from: "127.0.0.6", body: " ".repeat(length), headers: json });
    const [little, much] = [await post(70_000), await post(1_000_000)];
    const told = {
      little: little.status,
      in_words: little.body.includes("too_large"),
      much: much.status,
      nosniff: much.headers["x-content-type-options"],
    };
    return same(told, { little: 413, in_words: true, much: 413, nosniff: "nosniff" });
  },

  "each address is counted by itself, and writing another into X-Forwarded-For changes nothing": async ({ proxy }) => {
    const look = async (from: string, forwarded?: string) =>
      (await ask(proxy, "GET", "/api/v1/me", { from, headers: forwarded === undefined ? {} : { "x-forwarded-for": forwarded } })).status;
    const first = await many(40, () => look("127.0.0.2"));
    const spoofed = await many(20, (nth) => look("127.0.0.2", `203.0.113.${nth}`));
    const as_proxy = await many(5, () => look("127.0.0.2", "127.0.0.1"));
    const other = await look("127.0.0.3");
    const through = (statuses: number[]): number => statuses.filter((status) => status !== 429).length;
    const told = { limited: first.includes(429), spoofed: through(spoofed) <= 3, as_proxy: through(as_proxy) <= 1, other };
    return same(told, { limited: true, spoofed: true, as_proxy: true, other: 401 });
  },

  "over plain http the page is led on, and nothing that an application sends": async ({ proxy }) => {
    const page = await ask(proxy, "GET", "/r/general", { over: "http" });
    const api = await ask(proxy, "POST", "/api/v1/auth/login", { over: "http", body: "{}", headers: json });
    const read = await ask(proxy, "GET", "/api/v1/me", { over: "http" });
    const told = { page: page.status, to: page.headers.location, api: api.status, read: read.status };
    return same(told, { page: 301, to: `https://localhost:${proxy.https_port}/r/general`, api: 403, read: 403 });
  },
};

const json = { "content-type": "application/json" };

type Asking = { from?: string; over?: "http" | "https"; body?: string | Buffer; headers?: Record<string, string> };
type Told = { status: number; headers: Record<string, string | string[] | undefined>; body: string; hash: string };

/** From another address of this machine than the proxy's own. */
function ask(
  { https_port, http_port }: Proxy,
  method: string,
  path: string,
  { from = "127.0.0.4", over = "https", body, headers = {} }: Asking,
): Promise<Told> {
  const port = over === "https" ? https_port : http_port;
  const length = body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) };
  const options = {
    host: "localhost",
    family: 4,
    port,
    method,
    path,
    localAddress: from,
    rejectUnauthorized: false,
    agent: false,
    headers: { ...length, ...headers },
  };
  return new Promise((resolve, reject) => {
    const asked = (over === "https" ? request : plain)(options, (answer) => {
      const hasher = new Bun.CryptoHasher("sha256");
      let text = "";
      answer.on("data", (bytes: Buffer) => {
        hasher.update(bytes);
        if (text.length < 100_000) text += bytes.toString();
      });
      answer.on("end", () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: text, hash: hasher.digest("hex") }));
    });
    asked.on("error", reject);
    asked.end(body);
  });
}

const many = (count: number, deed: (nth: number) => Promise<number>): Promise<number[]> =>
  Promise.all(Array.from({ length: count }, (_, nth) => deed(nth)));

function same(told: object, expected: object): string | null {
  return Bun.deepEquals(told, expected) ? null : `${JSON.stringify(told)}, and not ${JSON.stringify(expected)}`;
}
