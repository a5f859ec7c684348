import { afterAll, beforeAll, expect, test } from "bun:test";
import { symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { type Served, type Yard, yard } from "../../server/testing/process.ts";
import { freePort } from "../check/free-port.ts";
import { type Guide, readGuide, scriptOf } from "./guide.ts";

const root = resolve(import.meta.dir, "../..");

let here: Yard;
let served: Served;
let guide: Guide;
beforeAll(async () => {
  here = await yard();
  served = await here.serve(["--webhook-allow", "127.0.0.1/32"]);
  guide = readGuide(await Bun.file(join(root, "docs/api.md")).text());
  for (const [name, text] of Object.entries(guide.files)) writeFileSync(join(here.folder, name), text);
  symlinkSync(join(root, "node_modules"), join(here.folder, "node_modules")); // in place of the guide's npm install
});
afterAll(() => here.dispose());

test("the guide's commands do what it says, one after the other, from an empty folder", async () => {
  const { paths } = (await (await fetch(`${served.url}/openapi.json`)).json()) as { paths: Record<string, unknown> };
  const told = new Set([...Object.keys(paths).map((path) => path.replace(/\{\w+\}/gu, "{}")), "/ws"]);
  const missing = guide.sections.filter((section) => section.paths.some((path) => !told.has(path) && !told.has(path.replace("nothing", "{}"))));
  expect(missing.map(({ name }) => name)).toEqual([]);
  const script = scriptOf(guide.sections);
  const child = Bun.spawn(["bash", "-c", script], {
    cwd: here.folder,
    env: { PATH: process.env.PATH ?? "", HOME: here.folder, SNUG: served.url, SETUP_TOKEN: served.setup_token, RECEIVER: String(freePort()) },
    stdout: "pipe",
    stderr: "pipe",
  });
  const [out, err, code] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text(), child.exited]);
  expect([code, code === 0 ? "" : `${out}\n${err}`]).toEqual([0, ""]);
  const says = (section: string, text: string): void => {
    expect(out).toContain(`# ${section}`);
    expect(out).toContain(text);
  };
  for (const { name } of guide.sections) says(name, "");
  says("Begin", "ann owns the workspace: owner");
  says("A tenant of its own", "carol's tenant has 1 rooms");
  says("Two users and a dm", "Dora\nEmil");
  says("A bot", "said by a bot");
  says("A webhook, verified", "verified: 1");
  says("A message", "said once");
  says("Catch up after an absence", "missed: Hello? Anybody?\nunread: 0");
  says("Reactions, pins, and what one keeps", "👍 1\npinned: Where is my order?\nunread again: 3");
  says("A minted token in a page", "a ticket of 43 characters");
  says("Asking again, without making twice", "made once");
  says("Errors, and when to ask again", "not_found, again: false\nanswered 200");
  says("Limits", "ratelimit-remaining: ");
  says("Versions", 'rel="successor-version"');
});
