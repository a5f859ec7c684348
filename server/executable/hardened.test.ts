/** What the compiled file does not do, wherever it is started and whatever lies beside it. */
import { afterEach, beforeEach, expect, test } from "bun:test";
import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Yard, yard } from "../testing/process.ts";

let here: Yard;
beforeEach(async () => void (here = await yard()));
afterEach(() => here.dispose());

test("nothing of the folder it is started in becomes code or settings of it, though a general Bun would run it", async () => {
  writeFileSync(join(here.folder, "bunfig.toml"), 'preload = ["./bait.ts"]\n');
  writeFileSync(join(here.folder, "bait.ts"), 'require("node:fs").writeFileSync("ran", "");');
  writeFileSync(join(here.folder, ".env"), "SNUG_LOG_LEVEL=nonsense\nNODE_ENV=development\n");
  writeFileSync(join(here.folder, "tsconfig.json"), "{ nonsense");
  writeFileSync(join(here.folder, "package.json"), "{ nonsense");
  const server = await here.serve();
  expect((await fetch(`${server.url}/health`)).status).toBe(200);
  expect((await server.end("SIGTERM")).code).toBe(0);
  expect(existsSync(join(here.folder, "ran"))).toBe(false);
  writeFileSync(join(here.folder, "package.json"), "{}");
  writeFileSync(join(here.folder, "tsconfig.json"), "{}");
  writeFileSync(join(here.folder, "empty.ts"), "");
  expect(await Bun.spawn([process.execPath, "run", "empty.ts"], { cwd: here.folder, stdio: ["ignore", "ignore", "ignore"] }).exited).toBe(0);
  expect(existsSync(join(here.folder, "ran"))).toBe(true);
});

test("a refusal of it names fields and nothing else: it is built for production", async () => {
  const server = await here.serve();
  const ask = (body: string) => fetch(`${server.url}/api/v1/auth/login`, { method: "POST", headers: { "content-type": "application/json" }, body });
  const answer = await ask('{"username":"bob","password":{"hunter2":"hunter2"}}');
  const body: unknown = await answer.json();
  expect([answer.status, body]).toEqual([
    422,
    { error: { code: "invalid", message: expect.any(String), retry: false, fields: ["password"], request_id: expect.any(String) } },
  ]);
  expect(JSON.stringify(body)).not.toContain("hunter2");
  await server.end("SIGTERM");
});

test("it starts and waits without compiling to machine code, and once somebody asks it compiles", async () => {
  const path = join(here.folder, "measures.ts");
  writeFileSync(path, MEASURES);
  chmodSync(path, 0o600);
  const server = await here.serve(["--plugin", path]);
  const measured = join(here.folder, "measured.json");
  await fetch(`${server.url}/`);
  writeFileSync(join(here.folder, "asked"), "");
  while (!existsSync(measured)) await Bun.sleep(20);
  await server.end("SIGTERM");
  const { starting, serving } = JSON.parse(readFileSync(measured, "utf8"));
  expect(starting / serving).toBeGreaterThan(1.4);
});

/** A plugin that times three hundred small functions, each called eight hundred times: while Snug starts, and as many others when somebody has asked it something. */
const MEASURES = `
import { existsSync, renameSync, writeFileSync } from "node:fs";
const made = (seed) => Array.from({ length: 300 }, (_, k) =>
  new Function("x", "let s = " + (seed + k) + "; const o = { a: x, b: s }; s = (o.a * 31 + o.b) | 0; s ^= s << 13; s ^= s >> 17; return [s, x].map((y) => y + s).length"));
const best = (functions) => Math.min(...Array.from({ length: 40 }, () => {
  const begun = performance.now();
  for (let i = 0; i < 20; i += 1) for (const one of functions) one(i);
  return performance.now() - begun;
}));
export const plugin = () => {
  const starting = best(made(1));
  const waiting = setInterval(() => {
    if (!existsSync("asked")) return;
    clearInterval(waiting);
    writeFileSync("measured.part", JSON.stringify({ starting, serving: best(made(100_000)) }));
    renameSync("measured.part", "measured.json");
  }, 50);
};
`;
