import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { makeScratch } from "../testing/scratch.ts";
import { type OpenDoor, openDoor, visit } from "../testing/visitor.ts";
import { type World, world } from "../testing/world.ts";

const PAGE = "<!doctype html><title>Snug</title>".padEnd(600);
let here: World;
let open: OpenDoor;
let folder: string;
beforeAll(async () => {
  here = await world();
  folder = join(makeScratch("ui"), "ui");
  mkdirSync(join(folder, "assets"), { recursive: true });
  const write = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    writeFileSync(join(folder, `${name}.br`), brotliCompressSync(text));
    writeFileSync(join(folder, `${name}.gz`), gzipSync(text));
  };
  write("index.html", PAGE);
  write("assets/main-abc123.js", "console.log(1)".padEnd(600));
  writeFileSync(join(folder, "icon.svg"), "<svg/>");
  writeFileSync(join(folder, "..", "secret.txt"), "not for you");
  open = openDoor(here, { ui: folder });
});
afterAll(async () => {
  rmSync(join(folder, ".."), { recursive: true });
  await here.dispose();
});

const ask = (path: string, headers: Record<string, string> = {}, method = "GET") =>
  open.app.handle(new Request(`http://localhost:3000${path}`, { method, headers }));
const browser = { accept: "text/html,application/xhtml+xml,*/*;q=0.8" };

test("the page is at / whatever is accepted, under a policy that runs our scripts alone", async () => {
  const answer = await ask("/");
  expect([answer.status, answer.headers.get("content-type"), await answer.text()]).toEqual([200, "text/html; charset=utf-8", PAGE]);
  const policy = answer.headers.get("content-security-policy") ?? "";
  for (const word of [
    "default-src 'none'",
    "script-src 'self';",
    "style-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "form-action 'self'",
  ]) {
    expect(policy).toContain(word);
  }
  expect(policy).toContain("require-trusted-types-for 'script'; trusted-types app");
  expect(policy).not.toContain("unsafe");
  expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
  expect(answer.headers.get("cache-control")).toBe("no-cache");
});

test("behind https the policy lets the page open its socket", async () => {
  const far = await world();
  const { app } = openDoor(far, { ui: folder, config: { public_url: "https://chat.example.org" } });
  const answer = await app.handle(new Request("http://chat.example.org/", { headers: { host: "chat.example.org" } }));
  expect(answer.headers.get("content-security-policy")).toContain("connect-src 'self' wss://chat.example.org;");
  await far.dispose();
});

describe("an address that a person may type gives the page, one that only programs use does not:", () => {
  for (const path of ["/rooms/abc", "/setup", "/invite", "/rooms/abc?at=5", "/a/b/c"]) {
    test(`${path} does`, async () => {
      const answer = await ask(path, browser);
      expect([answer.status, await answer.text()]).toEqual([200, PAGE]);
    });
  }
  for (const path of ["/api/v1/nope", "/api", "/assets/gone.js", "/ws/x", "/admin/x", "/openapi/x"]) {
    test(`${path} does not`, async () => expect((await ask(path, browser)).status).toBe(404));
  }
  test("a program that asks for no page gets none", async () => expect((await ask("/rooms/abc", { accept: "application/json" })).status).toBe(404));
  test("nothing is written at a screen's address", async () => expect((await ask("/rooms/abc", browser, "POST")).status).toBe(404));
});

describe("files:", () => {
  test("a hashed name may be kept for ever, a stable one is asked again", async () => {
    expect((await ask("/assets/main-abc123.js")).headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
    const icon = await ask("/icon.svg");
    expect([icon.headers.get("cache-control"), icon.headers.get("content-type")]).toEqual(["no-cache", "image/svg+xml"]);
    expect(icon.headers.get("content-security-policy")).toBeNull();
  });

  const encodings: [accepted: string, sent: string | null][] = [
    ["", null],
    ["br, gzip", "br"],
    ["gzip, deflate, br", "br"],
    ["gzip", "gzip"],
    ["br;q=0, gzip", "gzip"],
    ["BR;q=0.5", "br"],
    ["identity", null],
    ["brotli", null],
  ];
  for (const [accepted, sent] of encodings) {
    test(`who accepts "${accepted}" is sent ${sent ?? "it as it is"}`, async () => {
      const answer = await ask("/", { "accept-encoding": accepted });
      expect([answer.headers.get("content-encoding"), answer.headers.get("vary")]).toEqual([sent, "accept-encoding, origin"]);
      const bytes = new Uint8Array(await answer.arrayBuffer());
      const length = sent === "br" ? brotliCompressSync(PAGE).length : sent === "gzip" ? gzipSync(PAGE).length : PAGE.length;
      expect(bytes.length).toBe(length);
    });
  }

  test("a file that has not changed is not sent again", async () => {
    const etag = (await ask("/")).headers.get("etag") ?? "";
    expect(etag).toMatch(/^"[\w-]{22}"$/u);
    for (const known of [etag, `W/${etag}`, `"other", ${etag}`]) {
      const answer = await ask("/", { "if-none-match": known });
      expect([answer.status, await answer.text(), answer.headers.get("etag")]).toEqual([304, "", etag]);
    }
    expect((await ask("/", { "if-none-match": '"other"' })).status).toBe(200);
  });

  test("HEAD tells what GET would, without the file", async () => {
    const answer = await ask("/", {}, "HEAD");
    expect([answer.status, answer.headers.get("content-type"), await answer.text()]).toEqual([200, "text/html; charset=utf-8", ""]);
  });

  test("nothing outside the folder is served, and no compressed twin as itself", async () => {
    expect((await ask("/icon.svg")).status).toBe(200);
    for (const path of [
      "/../secret.txt",
      "/..%2fsecret.txt",
      "/%2e%2e/secret.txt",
      "/assets/..%2f..%2fsecret.txt",
      "/..%5csecret.txt",
      "//secret.txt",
      "/index.html.br",
      "/assets",
      "/assets/",
    ]) {
      const answer = await ask(path);
      expect([path, answer.status]).toEqual([path, 404]);
      expect(await answer.text()).not.toContain("not for you");
    }
  });
});

test("without a page there is an API", async () => {
  const bare = openDoor(here);
  expect((await visit(bare, null).ask("GET", "/", undefined, browser)).status).toBe(404);
  expect((await visit(bare, here.ann).get("/me")).status).toBe(200);
});
