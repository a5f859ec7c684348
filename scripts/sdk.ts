/**
 * Builds the client for applications into dist/sdk and runs what it promises against dist/snug: on Bun, on Node 22 and in Chromium. Prints a line
 * per sentence and closes with `N passed, N failed`. `--build` only builds.
 */
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { freePort } from "./check/free-port.ts";
import { openReport } from "./check/report.ts";
import { buildSdk } from "./sdk/build.ts";
import { faultOfExample } from "./sdk/embed.ts";
import { faultOfRestart } from "./sdk/restart.ts";
import { onBun, onChromium, onNode, type Ran } from "./sdk/runtimes.ts";
import { openStage } from "./sdk/stage.ts";
import { faultsOfClient, faultsOfPlugins } from "./sdk/types.ts";
import { startWalked } from "./walk/server.ts";

const BROTLI_MAX = 8_192;

const root = resolve(import.meta.dir, "..");
const report = openReport("sdk");
let passed = 0;
let failed = 0;

const bytes = await buildSdk(root, resolve(root, "dist/sdk"));
tell(`the client for applications has ${BROTLI_MAX} bytes at most in brotli`, bytes <= BROTLI_MAX ? null : `${bytes} bytes`);
console.log(`${bytes} bytes in brotli`);
tell("its declarations say what its sources say, and lean on nothing", (await faultsOfClient(root)) || null);
tell("an author of plugins has their types without a checkout, and the examples do with them", (await faultsOfPlugins(root)) || null);
if (!process.argv.includes("--build")) await runEverywhere();
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);

async function runEverywhere(): Promise<void> {
  const page = freePort();
  const folder = await mkdtemp(join(tmpdir(), "snug-sdk-"));
  const plugin = join(folder, "word-filter.ts"); // a copy, since a checkout may be writable for others
  await Bun.write(plugin, Bun.file(resolve(root, "docs/plugins/word-filter.ts")));
  await chmod(plugin, 0o600);
  const lifted = ["--allowed-origins", `http://127.0.0.1:${page}`, "--plugin", plugin];
  const server = await startWalked(resolve(root, "dist/snug"), freePort(), lifted);
  try {
    const people = await openStage(`http://127.0.0.1:${server.port}`, server.setup);
    note("Bun", await onBun(await people("bun")));
    note("Node 22", await onNode(await people("node")));
    note("a browser", await onChromium(await people("page"), page));
    tell("the page of another application holds a room by the client alone", await faultOfExample(await people("embed"), page));
    tell(
      "a server that is killed and started again costs the client nothing and doubles nothing",
      await faultOfRestart(await people("kill"), server),
    );
  } finally {
    await rm(folder, { recursive: true });
    await server.stop();
  }
}

function note(runtime: string, { version, outcomes }: Ran): void {
  console.log(version);
  for (const { says, fault } of outcomes) tell(`on ${runtime}: ${says}`, fault);
}

function tell(sentence: string, fault: string | null): void {
  report.add(sentence, fault);
  if (fault === null) passed += 1;
  else failed += 1;
  console.log(fault === null ? `ok   ${sentence}` : `FAIL ${sentence}: ${fault}`);
}
