/**
 * Publishes the description of the API: writes docs/api/openapi.json and docs/api/frames.json, with which each later build is compared
 * (server/http/published.test.ts). `bun run contract`, at a release and whenever something was added that is to stay.
 */
import { mkdir } from "node:fs/promises";
import { resolve } from "node:path";
import { documentOf, framesDocument } from "../server/http/document.ts";
import { openDoor } from "../server/testing/visitor.ts";
import { world } from "../server/testing/world.ts";

const here = await world();
const { info, ...document } = documentOf(openDoor(here).app);
await here.dispose();
const folder = resolve(import.meta.dir, "../docs/api");
await mkdir(folder, { recursive: true });
for (const [name, content] of Object.entries({ openapi: { ...document, info: { ...info, version: "v1" } }, frames: framesDocument() })) {
  await Bun.write(`${folder}/${name}.json`, `${JSON.stringify(content, null, 1)}\n`);
}
console.log(`${Object.keys(document.paths).length} paths are published in docs/api/`);
