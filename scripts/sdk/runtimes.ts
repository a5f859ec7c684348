/** Runs the sentences of client/sdk on the client as it was built, in three runtimes. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Client, Given } from "../../client/sdk/sentence-stage.cast.ts";
import { type Outcome, runAll } from "../../client/sdk/sentences.cast.ts";
import { openBrowser } from "../walk/browser.ts";
import { node22 } from "./node.ts";

const root = resolve(import.meta.dir, "../..");
const built = join(root, "dist/sdk/snug.js");

export type Ran = { version: string; outcomes: Outcome[] };

export async function onBun(given: Given): Promise<Ran> {
  const client: Client = await import(built);
  return { version: `Bun ${Bun.version}`, outcomes: await runAll(client, given) };
}

export async function onNode(given: Given): Promise<Ran> {
  const folder = await mkdtemp(join(tmpdir(), "snug-sdk-"));
  try {
    await Bun.write(join(folder, "sentences.mjs"), await sentences());
    const words = `import { runAll } from "./sentences.mjs"; import * as client from ${JSON.stringify(built)};
const outcomes = await runAll(client, JSON.parse(process.env.GIVEN));
console.log(JSON.stringify({ version: "Node " + process.version, outcomes }));`;
    await Bun.write(join(folder, "run.mjs"), words);
    const env = { GIVEN: JSON.stringify(given) };
    const child = Bun.spawn([await node22(), join(folder, "run.mjs")], { cwd: folder, env, stdio: ["ignore", "pipe", "inherit"] });
    const said = await new Response(child.stdout).text();
    if ((await child.exited) !== 0) throw new Error(`Node ended with ${child.exitCode}`);
    return JSON.parse(said) as Ran; // said by the lines above
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** In a page of another address than Snug's, as an application's would be. */
export async function onChromium(given: Given, port: number): Promise<Ran> {
  const files: Record<string, string> = { "/snug.js": await Bun.file(built).text(), "/sentences.js": await sentences() };
  const html = { "content-type": "text/html" };
  const pages = Bun.serve({
    port,
    hostname: "127.0.0.1",
    fetch(request) {
      const file = files[new URL(request.url).pathname];
      return file === undefined
        ? new Response("<!doctype html>", { headers: html })
        : new Response(file, { headers: { "content-type": "text/javascript" } });
    },
  });
  const browser = await openBrowser();
  try {
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${port}/`);
    const run = `Promise.all([import("/sentences.js"), import("/snug.js")]).then(([{ runAll }, client]) => runAll(client, ${JSON.stringify(given)}))`;
    return { version: `Chromium ${browser.version()}`, outcomes: await page.evaluate<Outcome[]>(run) };
  } finally {
    await browser.close();
    await pages.stop(true);
  }
}

async function sentences(): Promise<string> {
  const { outputs } = await Bun.build({ entrypoints: [join(root, "client/sdk/sentences.cast.ts")], target: "browser", format: "esm" });
  const [script] = outputs;
  if (!script) throw new Error("The sentences gave no script");
  return script.text();
}
