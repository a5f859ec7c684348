import { afterEach, describe, expect, test } from "bun:test";
import { createSocket } from "node:dgram";
import { getServers, setServers } from "node:dns";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { rootCertificates } from "node:tls";
import { network } from "../setting-values.ts";
import { makeScratch } from "../testing/scratch.ts";
import { mayDial } from "../networks.ts";
import { createOutbound, type Dial, type OutboundParts } from "./outbound.ts";

const LOOPBACK = [network("127.0.0.1/32")];
const never = new AbortController().signal;

/** Counts what is dialled, and answers by itself. */
function recorder() {
  const dialled: string[] = [];
  const dial: Dial = async (address) => {
    dialled.push(address);
    return new Response("ok");
  };
  return { dialled, dial };
}
const post = (url: string, parts: OutboundParts) => createOutbound(parts).post({ url, headers: {}, body: "{}" }, never);

const closing: { stop(force: boolean): unknown }[] = [];
afterEach(() => {
  for (const server of closing.splice(0)) void server.stop(true);
});
function listen(hostname: string, answer: (request: Request) => Response | Promise<Response>): { url: string; asked: string[]; port: number } {
  const asked: string[] = [];
  const server = Bun.serve({
    port: 0,
    hostname,
    fetch(request) {
      asked.push(`${request.headers.get("host")} ${new URL(request.url).pathname}`);
      return answer(request);
    },
  });
  closing.push(server);
  return { url: `http://${hostname}:${server.port}`, asked, port: server.port ?? 0 };
}

const PRIVATE = [
  ..."127.0.0.2 127.1.2.3 127.255.255.255 127.2 0x7f.2 0x7f000002 2130706434 017700000002 0177.0.0.2 127.0.2 127.0.0.2.".split(" "),
  ..."１２７.0.0.2 ①②⑦.0.0.2 127。0。0。2 0 0.0.0.0 0x0 0.1.2.3 10.0.0.1 10.255.255.255 0xa.1 167772161 012.0.0.1 172.16.0.1".split(" "),
  ..."172.31.255.255 192.168.0.1 192.168.1 3232235521 0xc0.0xa8.0.1 169.254.169.254 0xa9fea9fe 2852039166 169.254.0.1".split(" "),
  ..."100.64.0.1 100.100.100.200 100.127.255.255 168.63.129.16 192.0.0.1 192.0.0.192 192.0.2.1 192.88.99.1 198.18.0.1".split(" "),
  ..."198.19.255.255 198.51.100.7 203.0.113.9 224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255".split(" "),
  ..."[::] [::1] [0:0:0:0:0:0:0:1] [::127.0.0.2] [::ffff:127.0.0.2] [::ffff:7f00:2] [0:0:0:0:0:ffff:127.0.0.2] [::ffff:10.0.0.1]".split(" "),
  ..."[::ffff:169.254.169.254] [64:ff9b::7f00:2] [64:ff9b::10.0.0.1] [64:ff9b:1::1] [2002:7f00:2::] [2002:a00:1::1]".split(" "),
  ..."[2001:0:7f00:2::1] [2001:db8::1] [3fff::1] [fc00::1] [fd00:ec2::254] [fdff::1] [fe80::1] [fec0::1] [ff02::1] [100::1]".split(" "),
  ..."[5f00::1] [::ffff:0:127.0.0.2] [0::ffff:c0a8:1]".split(" "),
];

test("none of more than sixty spellings of a private address is dialled", async () => {
  expect(new Set(PRIVATE).size).toBeGreaterThan(60);
  const { dial, dialled } = recorder();
  for (const scheme of ["http", "https"])
    for (const host of PRIVATE)
      expect([host, await post(`${scheme}://${host}:8080/x`, { allow: LOOPBACK, dial })]).toEqual([
        host,
        { failed: "private_address", status: null },
      ]);
  expect(dialled).toEqual([]);
});

test("a public address is dialled, and so is one that the operator allows, in whatever spelling", async () => {
  const { dial, dialled } = recorder();
  const hosts = ["1.1.1.1", "172.32.0.1", "[2606:4700::1111]", "127.0.0.1", "0x7f.1", "[::ffff:127.0.0.1]"];
  for (const host of hosts) expect(await post(`https://${host}/`, { allow: LOOPBACK, dial })).toMatchObject({ status: 200 });
  expect(dialled).toEqual(["1.1.1.1", "172.32.0.1", "2606:4700::1111", "127.0.0.1", "127.0.0.1", "::ffff:7f00:1"]);
});

test("what a resolver gives for a name is judged like a literal: one private address among them is enough to dial none", async () => {
  const { dial, dialled } = recorder();
  const asked = (...addresses: string[]) => post("https://hooks.test/", { allow: [], dial, resolve: async () => addresses });
  for (const host of PRIVATE) {
    const address = URL.parse(`http://${host}`)?.hostname.replace(/^\[|\]$/gu, "") ?? "";
    expect(await asked(address)).toEqual({ failed: "private_address", status: null });
    expect(await asked("1.1.1.1", address)).toEqual({ failed: "private_address", status: null });
  }
  for (const nonsense of ["fe80::1%eth0", "localhost", "", "1.1.1.1 "]) expect(mayDial([])(nonsense)).toBe(false);
  expect(await asked()).toEqual({ failed: "unresolved", status: null });
  expect(dialled).toEqual([]);
  expect(await asked("1.1.1.1")).toMatchObject({ status: 200 });
});

test("only http and https, and no address that holds a password", async () => {
  const { dial, dialled } = recorder();
  for (const url of [
    "file:///etc/passwd",
    "data:,x",
    "s3://bucket/x",
    "ftp://1.1.1.1/",
    "gopher://1.1.1.1/",
    "unix:///tmp/x",
    "//1.1.1.1",
    "",
    "http://a:b@1.1.1.1/",
  ])
    expect(await post(url, { allow: [], dial })).toEqual({ failed: "unresolved", status: null });
  expect(dialled).toEqual([]);
});

describe("of two servers on this machine, of which one is allowed, the other stays untouched", () => {
  test("by a redirect to it", async () => {
    const inner = listen("127.0.0.2", () => new Response("secrets"));
    for (const status of [301, 302, 303, 307, 308]) {
      const outer = listen("127.0.0.1", () => new Response(null, { status, headers: { location: `${inner.url}/` } }));
      expect(await post(outer.url, { allow: LOOPBACK })).toEqual({ failed: "redirected", status });
      expect(outer.asked.length).toBe(1);
    }
    expect(inner.asked).toEqual([]);
  });

  test("by a resolver that changes its answer", async () => {
    const outer = listen("127.0.0.1", () => new Response("ok"));
    const inner = listen("127.0.0.2", () => new Response("secrets"));
    let asked = 0;
    const resolve = async () => [["127.0.0.1"], ["127.0.0.2"]][Math.min(1, asked++)] ?? [];
    const allowed = { allow: LOOPBACK, resolve };
    expect(await post(`http://hooks.test:${outer.port}/in`, allowed)).toMatchObject({ status: 200 });
    expect(await post(`http://hooks.test:${inner.port}/in`, allowed)).toEqual({ failed: "private_address", status: null });
    expect([outer.asked, inner.asked]).toEqual([[`hooks.test:${outer.port} /in`], []]);
  });

  test("by a proxy that the environment names", async () => {
    const inner = listen("127.0.0.2", () => new Response("I am a proxy"));
    const outer = listen("127.0.0.1", () => new Response("ok"));
    const before = process.env.HTTP_PROXY;
    process.env.HTTP_PROXY = inner.url;
    try {
      expect(await post(outer.url, { allow: LOOPBACK })).toMatchObject({ status: 200 });
    } finally {
      if (before === undefined) delete process.env.HTTP_PROXY;
      else process.env.HTTP_PROXY = before;
    }
    expect([inner.asked.length, outer.asked.length]).toEqual([0, 1]);
  });
});

describe("an endpoint that", () => {
  const patience = { allow: LOOPBACK, timeout_ms: 150 };
  const stream =
    (bytes: number, pause_ms: number, headers: Record<string, string> = {}) =>
    () =>
      new Response(
        new ReadableStream({
          async pull(controller) {
            await Bun.sleep(pause_ms);
            controller.enqueue(new Uint8Array(bytes));
          },
        }),
        { headers },
      );

  test("hangs, or drips a byte at a time, costs no longer than the time for all of it", async () => {
    const { promise } = Promise.withResolvers<Response>();
    for (const answer of [() => promise, stream(1, 20)]) {
      const begun = performance.now();
      expect(await post(listen("127.0.0.1", answer).url, patience)).toEqual({ failed: "timeout", status: null });
      expect(performance.now() - begun).toBeLessThan(1_000);
    }
  });

  test("never stops talking is listened to for 16 KiB, and its status counts", async () => {
    let sent = 0;
    const endless = listen("127.0.0.1", () => {
      const body = new ReadableStream({
        async pull(controller) {
          await Bun.sleep(1);
          sent += 65_536;
          controller.enqueue(new Uint8Array(65_536));
        },
      });
      return new Response(body);
    });
    expect(await post(endless.url, { allow: LOOPBACK, timeout_ms: 2_000 })).toMatchObject({ status: 200 });
    expect(sent).toBeLessThan(8 << 20); // what its own side had buffered by then
  });

  test("sends what would unpack to a hundred megabytes is not unpacked", async () => {
    const bomb = Bun.gzipSync(new Uint8Array(100 << 20));
    const before = process.memoryUsage().rss;
    expect(
      await post(listen("127.0.0.1", () => new Response(bomb, { headers: { "content-encoding": "gzip" } })).url, { allow: LOOPBACK }),
    ).toMatchObject({
      status: 200,
    });
    expect(process.memoryUsage().rss - before).toBeLessThan(50 << 20);
  });

  test("answers `null`, nothing at all or what is no HTTP is one failure each", async () => {
    expect(await post(listen("127.0.0.1", () => new Response("null")).url, { allow: LOOPBACK })).toMatchObject({ status: 200 });
    for (const said of ["null\r\n\r\n", ""]) {
      const server = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data: (socket) => void socket.end(said) } });
      closing.push(server);
      expect(await post(`http://127.0.0.1:${server.port}/`, { allow: LOOPBACK })).toEqual({ failed: "unreachable", status: null });
    }
  });

  test("is not there is tried at its next address", async () => {
    const { port } = listen("127.0.0.1", () => new Response("ok"));
    const allow = [network("127.0.0.0/8")];
    expect(await post(`http://hooks.test:${port}/`, { allow, resolve: async () => ["127.0.0.3", "127.0.0.1"] })).toMatchObject({ status: 200 });
    expect(await post(`http://hooks.test:${port}/`, { allow, resolve: async () => ["127.0.0.3"] })).toEqual({ failed: "unreachable", status: null });
  });
});

test("a certificate must be good for the name that was asked for, not for the address that was dialled", async () => {
  const folder = makeScratch("outbound");
  const [key, cert] = ["key.pem", "cert.pem"].map((name) => join(folder, name));
  const words = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1 -subj /CN=x -addext subjectAltName=DNS:hooks.test";
  const made = Bun.spawnSync(["openssl", ...words.split(" "), "-keyout", key ?? "", "-out", cert ?? ""]);
  try {
    expect(made.exitCode).toBe(0);
    const server = Bun.serve({
      port: 0,
      hostname: "127.0.0.1",
      tls: { key: Bun.file(key ?? ""), cert: Bun.file(cert ?? "") },
      fetch: () => new Response("ok"),
    });
    closing.push(server);
    const known = { allow: LOOPBACK, resolve: async () => ["127.0.0.1"], ca: await Bun.file(cert ?? "").text() };
    expect(await post(`https://hooks.test:${server.port}/`, known)).toMatchObject({ status: 200 });
    for (const host of ["other.test", "127.0.0.1"])
      expect(await post(`https://${host}:${server.port}/`, known)).toEqual({ failed: "untrusted", status: null });
    expect(await post(`https://hooks.test:${server.port}/`, { ...known, ca: rootCertificates.join("\n") })).toEqual({
      failed: "untrusted",
      status: null,
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("this machine's own resolver gives addresses that are judged", async () => {
  expect(await post("http://localhost:1/", { allow: [] })).toEqual({ failed: "private_address", status: null });
  const allow = [network("127.0.0.0/8"), network("::1/128")];
  expect(await post("http://localhost:1/", { allow })).toEqual({ failed: "unreachable", status: null });
});

test("names whose name server is silent hold nobody up who signs in or shows a token", async () => {
  const silent = createSocket("udp4");
  const asked = new Set<string>();
  silent.on("message", (query: Buffer) => void asked.add(/silent-\d+/u.exec(query.toString("latin1"))?.[0] ?? ""));
  await new Promise<void>((resolve) => silent.bind(0, "127.0.0.1", resolve));
  const before = getServers();
  setServers([`127.0.0.1:${silent.address().port}`]);
  try {
    const names = Array.from({ length: 16 }, (_, i) => `silent-${i}`);
    const stop = new AbortController();
    const { post } = createOutbound({ allow: [] });
    const posts = Promise.all(names.map((name) => post({ url: `https://${name}.example/`, headers: {}, body: "{}" }, stop.signal)));
    const deadline = Date.now() + 5_000;
    while (asked.size < names.length && Date.now() < deadline) await Bun.sleep(20);
    expect([...asked].toSorted()).toEqual(names.toSorted()); // all of them wait for it at once
    const hash = Bun.password.hash("a password", { algorithm: "argon2id", memoryCost: 19_456, timeCost: 2 });
    expect(await Promise.race([hash.then(() => "hashed"), posts.then(() => "given up")])).toBe("hashed");
    stop.abort();
    expect(await posts).toEqual(names.map(() => ({ failed: "timeout", status: null })));
  } finally {
    setServers(before);
    silent.close();
  }
});
