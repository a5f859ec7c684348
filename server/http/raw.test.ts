import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { connect } from "node:net";
import { type OpenDoor, openDoor, tokenOf } from "../testing/visitor.ts";
import { type World, world } from "../testing/world.ts";

const generous = { per_second: 10_000, burst: 10_000 };
let here: World;
let open: OpenDoor;
let port: number;
let token: string;
beforeAll(async () => {
  here = await world();
  open = openDoor(here, { config: { requests: generous, requests_by_address: generous } });
  port = open.app.listen({ port: 0, hostname: "127.0.0.1" }).server?.port ?? expect.unreachable();
  token = await tokenOf(open, here.bob);
});
afterAll(async () => {
  await open.app.server?.stop(true);
  await here.dispose();
});

/** What the server says to these bytes until it closes: of a whole request, its answer. Else it may wait for more: three answers to others later it is told that no more will come. */
async function say(text: string | Buffer, whole = false): Promise<string> {
  const { promise: closed, resolve, reject } = Promise.withResolvers<void>();
  let heard = "";
  const socket = connect(port, "127.0.0.1", () => socket.write(typeof text === "string" ? Buffer.from(text, "latin1") : text));
  socket.on("data", (bytes) => (heard += bytes.toString("latin1")));
  socket.on("close", () => resolve());
  socket.on("error", (fault: NodeJS.ErrnoException) => (fault.code === "ECONNRESET" || fault.code === "EPIPE" ? resolve() : reject(fault)));
  const others = async () => {
    for (let i = 0; i < 3; i += 1) await nameOfBob();
  };
  if (!whole) await Promise.race([closed, others()]);
  if (!whole && statusesIn(heard).length === 0) socket.end();
  await closed;
  return heard;
}
const statusesIn = (heard: string): number[] => [...heard.matchAll(/HTTP\/1\.1 (\d{3})/gu)].map(([, status]) => Number(status));
/** 505 is the parser's word for a version of HTTP that it does not speak. */
const isFault = (status: number): boolean => status >= 500 && status !== 505;
const request = (line: string, headers: readonly string[] = [], body = ""): string =>
  [line, "Host: localhost", "Connection: close", ...headers, "", body].join("\r\n");
const asBob = (): string => `Authorization: Bearer ${token}`;
const json = "Content-Type: application/json";
const patch = (headers: readonly string[], body = ""): string => request("PATCH /api/v1/me HTTP/1.1", [json, asBob(), ...headers], body);
const RENAMED = '{"display_name":"Renamed by a smuggler"}';

const nameOfBob = async (): Promise<string> => {
  const answer = await fetch(`http://127.0.0.1:${port}/api/v1/me`, { headers: { authorization: `Bearer ${token}` } });
  const body: unknown = await answer.json();
  return typeof body === "object" && body !== null && "display_name" in body ? String(body.display_name) : "";
};

test("an ordinary request by hand is answered, so that the others fail for what is odd about them", async () => {
  const heard = await say(request("GET /api/v1/me HTTP/1.1", [asBob()]), true);
  expect(statusesIn(heard)).toEqual([200]);
  expect(heard).toContain(`"id":"${here.bob.user_id}"`);
  expect(statusesIn(await say(patch(["Content-Length: 22"], '{"display_name":"bob"}'), true))).toEqual([200]);
  expect(statusesIn(await say(patch(["Transfer-Encoding: chunked"], '16\r\n{"display_name":"bob"}\r\n0\r\n\r\n'), true))).toEqual([200]);
});

test("a type with a space before its parameters is the same type, and its body is held to the same bounds", async () => {
  for (const type of ["application/json ; charset=utf-8", "application/json\t;x", " Application/JSON ;"]) {
    const typed = (body: string) => say(patch([`Content-Length: ${body.length}`], body).replace(json, `Content-Type: ${type}`), true);
    expect(statusesIn(await typed('{"display_name":"bob"}'))).toEqual([200]);
    expect(statusesIn(await typed(`{"display_name":${"[".repeat(17)}${"]".repeat(17)}}`))).toEqual([400]);
    expect(statusesIn(await typed('{"display_name":"\\u0000"}'))).toEqual([422]);
    expect(statusesIn(await typed(" ".repeat(65_537)))).toEqual([413]);
  }
});

describe("a request that two readers could read in two ways changes nothing:", () => {
  const length = RENAMED.length;
  const hex = length.toString(16);
  const smuggled = `0\r\n\r\nPATCH /api/v1/me HTTP/1.1\r\nHost: localhost\r\n${json}\r\n`;
  const odd: Record<string, () => string> = {
    "both lengths, chunked first": () => patch(["Transfer-Encoding: chunked", "Content-Length: 4"], smuggled),
    "both lengths, Content-Length first": () => patch(["Content-Length: 4", "Transfer-Encoding: chunked"], smuggled),
    "two different Content-Lengths": () => patch([`Content-Length: ${length}`, "Content-Length: 0"], RENAMED),
    "two Content-Lengths in one": () => patch([`Content-Length: ${length}, 0`], RENAMED),
    "a Content-Length with a sign": () => patch([`Content-Length: +${length}`], RENAMED),
    "a negative Content-Length": () => patch(["Content-Length: -1"], RENAMED),
    "a Content-Length in hex": () => patch([`Content-Length: 0x${hex}`], RENAMED),
    "a Content-Length with letters": () => patch([`Content-Length: ${length}a`], RENAMED),
    "a Content-Length beyond numbers": () => patch(["Content-Length: 99999999999999999999"], RENAMED),
    "an empty Content-Length": () => patch(["Content-Length:"], RENAMED),
    "an encoding that only ends in chunked": () => patch(["Transfer-Encoding: xchunked"], `${hex}\r\n${RENAMED}\r\n0\r\n\r\n`),
    "an encoding before chunked": () => patch(["Transfer-Encoding: identity, chunked"], `zz\r\n${RENAMED}\r\n0\r\n\r\n`),
    "an encoding with a tab": () => patch(["Transfer-Encoding:\tchunked\tx"], `${hex}\r\n${RENAMED}\r\n0\r\n\r\n`),
    "chunked twice": () => patch(["Transfer-Encoding: chunked", "Transfer-Encoding: identity"], `zz\r\n${RENAMED}\r\n0\r\n\r\n`),
    "a chunk size that is none": () => patch(["Transfer-Encoding: chunked"], `zz\r\n${RENAMED}\r\n0\r\n\r\n`),
    "a chunk size with a sign": () => patch(["Transfer-Encoding: chunked"], `-${hex}\r\n${RENAMED}\r\n0\r\n\r\n`),
    "a chunk size beyond numbers": () => patch(["Transfer-Encoding: chunked"], `fffffffffffffffff\r\n${RENAMED}\r\n0\r\n\r\n`),
    "a chunk that does not end where it says": () => patch(["Transfer-Encoding: chunked"], `2\r\n${RENAMED}\r\n0\r\n\r\n`),
    "a chunk without an end": () => patch(["Transfer-Encoding: chunked"], `${hex}\r\n${RENAMED}`),
    "a body shorter than it says": () => patch([`Content-Length: ${length + 10}`], RENAMED),
    "a space before the colon": () => patch([`Content-Length : ${length}`], RENAMED),
    "a space before the name": () => patch([` Content-Length: ${length}`], RENAMED),
    "a header without a colon": () => patch([`Content-Length: ${length}`, "Nonsense"], RENAMED),
    "a header without a name": () => patch([`Content-Length: ${length}`, ": x"], RENAMED),
    "a NUL in a header": () => patch([`Content-Length: ${length}`, "X-A: a\u0000b"], RENAMED),
    "a NUL in a name": () => patch([`Content-Length: ${length}`, "X\u0000A: b"], RENAMED),
    "a bare CR in a header": () => patch([`Content-Length: ${length}`, "X-A: a\rX-B: b"], RENAMED),
    "a folded header": () => patch([`Content-Length: ${length}`, "X-A: a\r\n b"], RENAMED),
    "a bare LF after the request line": () =>
      patch([`Content-Length: ${length}`], RENAMED)
        .replace("\r\n", "\n")
        .replace("Content-Type", "Content-Typ"),
    "two hosts": () => patch([`Content-Length: ${length}`, "Host: evil.test"], RENAMED),
    "no host": () => patch([`Content-Length: ${length}`], RENAMED).replace("Host: localhost\r\n", ""),
    "an empty host": () => patch([`Content-Length: ${length}`], RENAMED).replace("Host: localhost", "Host:"),
    "a host with a path": () => patch([`Content-Length: ${length}`], RENAMED).replace("Host: localhost", "Host: localhost/x"),
    "a host of one letter": () => patch([`Content-Length: ${length}`], RENAMED).replace("Host: localhost", "Host: x"),
    "another host in the absolute form": () =>
      patch([`Content-Length: ${length}`], RENAMED)
        .replace("PATCH /", "PATCH http://evil.test/")
        .replace("Host: localhost", "Host: evil.test"),
    "three hundred headers": () =>
      patch([`Content-Length: ${length}`, ...Array.from({ length: 300 }, (_, i) => `X-${i}: ${i}`)], RENAMED).replace(
        json,
        "Content-Type: text/plain",
      ),
    "a header of 20 KB": () =>
      patch([`Content-Length: ${length}`, `X-Long: ${"x".repeat(20_000)}`], RENAMED).replace(json, "Content-Type: text/plain"),
    compressed: () => patch([`Content-Length: ${length}`, "Content-Encoding: gzip"], RENAMED).replace(json, "Content-Type: application/gzip"),
    "a form": () => patch([`Content-Length: ${length}`], RENAMED).replace(json, "Content-Type: text/plain"),
    "no type": () => patch([`Content-Length: ${length}`], RENAMED).replace(`${json}\r\n`, ""),
    "a page of elsewhere": () => patch([`Content-Length: ${length}`, "Origin: https://evil.test"], RENAMED),
    "no page": () => patch([`Content-Length: ${length}`, "Origin: null"], RENAMED),
    "another version of the protocol": () => patch([`Content-Length: ${length}`], RENAMED).replace("HTTP/1.1", "HTTP/9.9"),
    "no version": () => patch([`Content-Length: ${length}`], RENAMED).replace(" HTTP/1.1", ""),
    "a method in lower case": () => patch([`Content-Length: ${length}`], RENAMED).replace("PATCH", "patch"),
    "another method by a header": () =>
      request("GET /api/v1/me HTTP/1.1", [json, asBob(), "X-HTTP-Method-Override: PATCH", `Content-Length: ${length}`], RENAMED),
    "another method by the query": () => request("GET /api/v1/me?_method=PATCH HTTP/1.1", [json, asBob(), `Content-Length: ${length}`], RENAMED),
    "another path by a header": () =>
      request(
        "PATCH /nope HTTP/1.1",
        [json, asBob(), "X-Original-URL: /api/v1/me", "X-Rewrite-URL: /api/v1/me", `Content-Length: ${length}`],
        RENAMED,
      ),
    "another host by a header": () =>
      patch([`Content-Length: ${length}`, "X-Forwarded-Host: localhost"], RENAMED).replace("Host: localhost", "Host: evil.test"),
  };
  for (const [name, text] of Object.entries(odd)) {
    test(name, async () => {
      const heard = await say(text());
      expect(heard).not.toContain("Renamed by");
      expect(await nameOfBob()).toBe("bob");
      expect(statusesIn(heard).filter(isFault)).toEqual([]);
      expect(here.faults).toEqual([]);
    });
  }
});

describe("a path is read once, as it stands:", () => {
  const paths = [
    "/aa/api/v1/me",
    "//api/v1/me",
    "/api//v1/me",
    "/api/v1/me/..",
    "/api/v1/me/../me/../../../metrics",
    "/api/v1/%6de",
    "/api/v1/me%2f",
    "/api/v1%2fme",
    "/..%2fapi/v1/me",
    "/api/v1/me%00",
    "/api/v1/me;x",
    "/api/v1/me.json",
    "/API/V1/ME",
    "/\\evil.test/api/v1/me",
    "/%",
    "/%zz",
    "/%c0%ae%c0%ae/metrics",
    "/metrics%20",
    "*",
    "evil.test:443",
    "",
    `/${"a".repeat(15_000)}`,
    `/?${"a=b&".repeat(3_000)}`,
    `/api/v1/users?ids=${"a,".repeat(6_000)}`,
    "/api/v1/rooms?scope[]=public",
    "/api/v1/rooms?__proto__[x]=1&constructor=1",
  ];
  for (const path of paths) {
    test(path.slice(0, 60), async () => {
      const heard = await say(request(`GET ${path} HTTP/1.1`, [asBob()]));
      expect(heard).not.toContain(`"id":"${here.bob.user_id}"`);
      expect(heard).not.toContain("http_requests_total");
      expect(statusesIn(heard).filter(isFault)).toEqual([]);
      expect(here.faults).toEqual([]);
    });
  }
  test("the host's length moves no path: a short one reaches no route, and a probe by it only the probe", async () => {
    const by = (host: string, path: string) => say(request(`GET ${path} HTTP/1.1`, [asBob()]).replace("Host: localhost", `Host: ${host}`), true);
    for (const host of ["x", "xy", "a.b"]) {
      expect(statusesIn(await by(host, "/aa/api/v1/me"))).toEqual([421]);
      expect(statusesIn(await by(host, "/health"))).toEqual([200]);
      expect(statusesIn(await by(host, "/aa/health"))).toEqual([421]);
    }
    for (const host of ["127.0.0.1", "[::1]", "1.1.1.1"]) expect(statusesIn(await by(host, "/api/v1/me"))).toEqual([200]);
    expect(statusesIn(await by("999.999.999.999", "/api/v1/me")).filter(isFault)).toEqual([]);
    expect(statusesIn(await by("[::::]", "/api/v1/setup")).filter(isFault)).toEqual([]);
  });
});

describe("methods by hand:", () => {
  for (const method of ["TRACE", "CONNECT", "PROPFIND", "DEBUG", "TRACK", "GETT", "G\u0000T", ""]) {
    test(`"${method}" reaches nothing`, async () => {
      const heard = await say(request(`${method} /api/v1/me HTTP/1.1`, [asBob()]));
      expect(heard).not.toContain(here.bob.user_id);
      expect(statusesIn(heard).filter((status) => ![400, 405, 505].includes(status))).toEqual([]);
    });
  }
});

test("bytes that are no request at all are no request", async () => {
  const bytes = [
    Buffer.alloc(0),
    Buffer.alloc(1_000),
    Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01]),
    Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
    Buffer.from("GET"),
    Buffer.from("\r\n\r\n\r\n"),
  ];
  for (const one of bytes) expect(statusesIn(await say(one)).filter(isFault)).toEqual([]);
  expect(await nameOfBob()).toBe("bob");
});
