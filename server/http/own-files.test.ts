import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { makeScratch } from "../testing/scratch.ts";
import { openDoor, visit } from "../testing/visitor.ts";
import { type World, world } from "../testing/world.ts";
import { faultOf, ownFiles } from "./own-files.ts";

const PAGE = "<!doctype html><title>Snug</title>";
const OWN_PAGE = "<!doctype html><title>The harbour's own</title>";
const browser = { accept: "text/html,*/*;q=0.8" };

let here: World;
let scratch: string;
beforeEach(async () => {
  here = await world();
  scratch = makeScratch("own-files");
  write("ui/index.html", PAGE);
  write("ui/icon.svg", "<svg>ours</svg>");
  write("ui/assets/main-1.js", "ours()");
  write("secret.txt", "not for you");
});
afterEach(async () => {
  rmSync(scratch, { recursive: true });
  await here.dispose();
});

function write(name: string, text: string): void {
  const path = join(scratch, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
/** The door as `snug serve --ui DIR` opens it: instead of our page where DIR has one, else over it. */
async function open(kind: "instead" | "over") {
  const folder = join(scratch, "own");
  const own_files = { folder, files: await ownFiles(folder) };
  const door = openDoor(here, { own_files, ...(kind === "over" && { ui: join(scratch, "ui") }) });
  const ask = (path: string, headers: Record<string, string> = {}, method = "GET") =>
    door.app.handle(new Request(`http://localhost:3000${path}`, { method, headers }));
  return { door, ask };
}

test("an operator's front end stands instead of ours, at every screen's address, under the same policy and headers", async () => {
  write("own/index.html", OWN_PAGE);
  write("own/assets/app.css", "body {}");
  write("own/about.html", "<!doctype html><title>About</title>");
  const { ask, door } = await open("instead");
  const ours = await openDoor(here, { ui: join(scratch, "ui") }).app.handle(new Request("http://localhost:3000/"));
  for (const path of ["/", "/r/abc", "/sign-in", "/index.html"]) {
    const answer = await ask(path, browser);
    expect([path, answer.status, await answer.text()]).toEqual([path, 200, OWN_PAGE]);
    for (const name of ["content-security-policy", "x-content-type-options", "referrer-policy", "cross-origin-opener-policy", "cache-control"])
      expect([name, answer.headers.get(name)]).toEqual([name, ours.headers.get(name)]);
  }
  const about = await ask("/about.html");
  expect([about.status, about.headers.get("content-security-policy")]).toEqual([200, ours.headers.get("content-security-policy")]);
  const sheet = await ask("/assets/app.css");
  expect([sheet.status, await sheet.text(), sheet.headers.get("content-type")]).toEqual([200, "body {}", "text/css;charset=utf-8"]);
  expect([sheet.headers.get("cache-control"), sheet.headers.get("x-content-type-options")]).toEqual(["no-cache", "nosniff"]);
  expect((await ask("/assets/main-1.js")).status).toBe(404);
  expect((await visit(door, here.ann).get("/me")).status).toBe(200);
});

test("files without a page lie over ours: a mark of one's own, and our page", async () => {
  write("own/icon.svg", "<svg>theirs</svg>");
  const { ask } = await open("over");
  expect(await (await ask("/icon.svg")).text()).toBe("<svg>theirs</svg>");
  expect(await (await ask("/r/abc", browser)).text()).toBe(PAGE);
  expect(await (await ask("/assets/main-1.js")).text()).toBe("ours()");
});

test("a file that has not changed is not sent again, and nothing is written to one", async () => {
  write("own/icon.svg", "<svg>theirs</svg>");
  const { ask } = await open("over");
  const etag = (await ask("/icon.svg")).headers.get("etag") ?? "";
  expect(etag).not.toBe("");
  const again = await ask("/icon.svg", { "if-none-match": etag });
  expect([again.status, await again.text()]).toEqual([304, ""]);
  expect((await ask("/icon.svg", {}, "POST")).status).toBe(405);
});

test("nothing outside of the folder has an address, nor what is hidden in it", async () => {
  write("own/index.html", OWN_PAGE);
  write("own/icon.svg", "<svg/>");
  write("own/.git/config", "not for you");
  write("own/.well/hidden.html", "not for you");
  const { ask } = await open("instead");
  expect((await ask("/icon.svg")).status).toBe(200);
  for (const path of [
    ...["/../secret.txt", "/..%2fsecret.txt", "/%2e%2e/secret.txt", "/%2e%2e%2fsecret.txt", "/..%5csecret.txt", "//secret.txt", "/..%252fsecret.txt"],
    ...["/.git/config", "/%2egit/config", "/.well/hidden.html", "/icon.svg/../../secret.txt", "/icon.svg%00.txt"],
  ]) {
    const answer = await ask(path);
    expect([path, answer.status]).toEqual([path, 404]);
    expect(await answer.text()).not.toContain("not for you");
  }
});

test("the API is described without them", async () => {
  write("own/icon.svg", "<svg/>");
  const { door } = await open("over");
  const { body } = await visit(door, null).ask("GET", "/openapi.json");
  expect(Object.keys(body.paths)).toContain("/api/v1/me");
  expect(JSON.stringify(body.paths)).not.toContain("icon.svg");
});

describe("at the start it is said what is wrong with the folder:", () => {
  const folder = (): string => join(scratch, "own");
  test("that it is not there, or no folder", () => {
    expect(faultOf(join(scratch, "nowhere"))).toContain("there is no folder");
    expect(faultOf(join(scratch, "secret.txt"))).toContain("there is no folder");
  });
  test("that nothing is in it", () => {
    mkdirSync(folder());
    expect(faultOf(folder())).toContain("there is no file");
  });
  for (const name of ["api/v1/me", "ws", "metrics", "health", "openapi.json", "admin/index.html"]) {
    test(`that ${name} is an address of the server's`, () => {
      write(`own/${name}`, "");
      expect(faultOf(folder())).toContain("has the name of an address that the server keeps");
    });
  }
  for (const name of ["*", ":room.js", "a b.svg", "50%.svg"]) {
    test(`that "${name}" can be no address`, () => {
      write(`own/${name}`, "");
      expect(faultOf(folder())).toContain("has a name that no address can have");
    });
  }
  test("that there are too many, and nothing where there is nothing", () => {
    for (let i = 0; i < 2_000; i += 1) write(`own/${i}.txt`, "");
    expect(faultOf(folder())).toBeNull();
    write("own/one-more.txt", "");
    expect(faultOf(folder())).toContain("more than 2000 files");
  });
});
