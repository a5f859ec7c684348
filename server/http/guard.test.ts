import { describe, expect, test } from "bun:test";
import { guard, isOwnOrigin, outsideOf } from "./guard.ts";

const config = { public_url: "https://chat.example.org", allowed_origins: ["https://app.example.com"] };
const outside = outsideOf({ config, hosts: { has: (name) => name === "elsewhere.test", origins: () => new Set() } });

type Asked = { method?: string; path?: string; headers?: Record<string, string> };
const ask = ({ method = "GET", path = "/api/v1/me", headers = {} }: Asked) =>
  guard(outside, new Request(`http://localhost:3000${path}`, { method, headers: { host: "localhost:3000", ...headers } }));
const json = { "content-type": "application/json" };

describe("a host that is ours is answered, any other is misdirected:", () => {
  const ours = [
    "localhost",
    "localhost:3000",
    "LOCALHOST:3000",
    "127.0.0.1",
    "127.0.0.1:8080",
    "192.168.1.20:3000",
    "[::1]",
    "[::1]:3000",
    "[fe80::1]:3000",
    "chat.example.org",
    "Chat.Example.Org",
    "elsewhere.test",
    "elsewhere.test:3000",
  ];
  const notOurs = [
    "x",
    "evil.test",
    "chat.example.org.evil.test",
    "chat.example.org:8443",
    "localhost.evil.test",
    "localhost:",
    "localhost:123456",
    "localhost:3000:3000",
    "localhost/",
    "localhost/api",
    "a@localhost",
    "localhost\\evil",
    "local_host",
    "127.0.0.1.evil.test",
    "127.0.0.1:3000x",
    "[::1",
    "::1",
    "[::1]x",
    "%6cocalhost",
    "localhost,evil.test",
    "",
  ];
  for (const host of ours) test(`"${host}" is answered`, () => expect(ask({ headers: { host } })).toBeNull());
  for (const host of notOurs) test(`"${host}" is misdirected`, () => expect(ask({ headers: { host } })).toBe("misdirected"));
  for (const path of ["/health", "/healthz", "/ready", "/metrics"]) {
    test(`a probe of ${path} may come by any name`, () => expect(ask({ path, headers: { host: "10-1-2-3.pods.cluster.local" } })).toBeNull());
  }
  test("a path that only begins like a probe's may not", () =>
    expect(ask({ path: "/health/../api/v1/me/x", headers: { host: "evil.test" } })).toBe("misdirected"));
});

describe("methods:", () => {
  for (const method of ["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"])
    test(`${method} passes`, () => expect(ask({ method })).toBeNull());
  for (const method of ["PROPFIND", "PURGE", "LINK"]) test(`${method} does not`, () => expect(ask({ method })).toBe("bad_method"));
});

describe("whose pages may write:", () => {
  const may = ["http://localhost:3000", "https://localhost:3000", "https://chat.example.org", "https://app.example.com"];
  const mayNot = [
    "null",
    "",
    "https://evil.test",
    "http://localhost",
    "http://localhost:3001",
    "http://localhost:3000.evil.test",
    "http://localhost:3000/",
    "http://localhost:3000@evil.test",
    "http://evil@localhost:3000",
    "https://chat.example.org.evil.test",
    "https://chat.example.org:8443",
    "https://sub.chat.example.org",
    "http://app.example.com",
    "https://app.example.com.evil.test",
    "file://localhost:3000",
    "ws://localhost:3000",
    "constructor",
    "__proto__",
  ];
  for (const origin of may) test(`a page of ${origin} may`, () => expect(ask({ method: "POST", headers: { ...json, origin } })).toBeNull());
  for (const origin of mayNot) {
    test(`a page of "${origin}" may not`, () => expect(ask({ method: "POST", headers: { ...json, origin } })).toBe("forbidden"));
    test(`a page of "${origin}" may not open a socket`, () =>
      expect(ask({ path: "/ws", headers: { upgrade: "websocket", origin } })).toBe("forbidden"));
  }
  test("a foreign page may read what anyone may", () => expect(ask({ headers: { origin: "https://evil.test" } })).toBeNull());
  for (const site of ["cross-site", "same-site"]) {
    test(`without Origin a write that says ${site} may not`, () =>
      expect(ask({ method: "POST", headers: { ...json, "sec-fetch-site": site } })).toBe("forbidden"));
  }
  for (const site of ["same-origin", "none"]) {
    test(`without Origin a write that says ${site} may`, () =>
      expect(ask({ method: "POST", headers: { ...json, "sec-fetch-site": site } })).toBeNull());
  }
  test("a listed page may write, and is not one of ours", () => {
    const request = (origin: string) => new Request("http://localhost:3000/", { headers: { host: "localhost:3000", origin } });
    expect(isOwnOrigin(outside, request("https://chat.example.org"))).toBe(true);
    expect(isOwnOrigin(outside, request("https://app.example.com"))).toBe(false);
  });
});

describe("the form of what is written:", () => {
  const body = { "content-length": "2" };
  for (const type of ["application/json", "Application/JSON", "application/json; charset=utf-8"]) {
    test(`${type} is read`, () => expect(ask({ method: "POST", headers: { ...body, "content-type": type } })).toBeNull());
  }
  for (const type of [
    "",
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "application/jsonp",
    "text/plain; application/json",
  ]) {
    test(`"${type}" is not: a form can send it from anywhere`, () => {
      expect(ask({ method: "POST", headers: { ...body, ...(type !== "" && { "content-type": type }) } })).toBe("unsupported_type");
    });
  }
  test("a chunked body needs the type as well", () =>
    expect(ask({ method: "POST", headers: { "transfer-encoding": "chunked" } })).toBe("unsupported_type"));
  test("without a body there is nothing to name", () => expect(ask({ method: "DELETE" })).toBeNull());
});
