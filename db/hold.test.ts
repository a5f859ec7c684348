import { afterEach, beforeEach, expect, test } from "bun:test";
import { chmodSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { holdFile } from "./hold.ts";

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "snug-hold-"))));
afterEach(() => rmSync(folder, { recursive: true }));

/** Another process that holds the file until it is told to end. */
async function holder(path: string) {
  const code = `const { holdFile } = await import(${JSON.stringify(join(import.meta.dir, "hold.ts"))});
    console.log(holdFile(${JSON.stringify(path)}) === null ? "refused" : "held"); setInterval(() => {}, 1000);`;
  const child = Bun.spawn([process.execPath, "-e", code], { stdio: ["ignore", "pipe", "inherit"] });
  const { value } = await child.stdout.getReader().read();
  return { child, said: new TextDecoder().decode(value).trim() };
}

test("a file that this process holds is refused to it again, until it lets go", () => {
  const path = join(folder, "lock");
  const hold = holdFile(path);
  expect(hold).not.toBeNull();
  expect(holdFile(path)).toBeNull();
  hold?.release();
  holdFile(path)?.release();
  expect(readdirSync(folder)).toEqual(["lock"]);
});

test("a file that another process holds is refused, and free as soon as that one is killed", async () => {
  const path = join(folder, "lock");
  const { child, said } = await holder(path);
  expect(said).toBe("held");
  expect(holdFile(path)).toBeNull();
  child.kill("SIGKILL");
  await child.exited;
  const hold = holdFile(path);
  expect(hold).not.toBeNull();
  const second = await holder(path);
  expect(second.said).toBe("refused");
  second.child.kill("SIGKILL");
  await second.child.exited;
  hold?.release();
});

test("what is no file to hold is a fault, not somebody else's hold", () => {
  expect(() => holdFile(join(folder, "missing", "lock"))).toThrow();
  chmodSync(folder, 0o700);
  expect(() => holdFile(folder)).toThrow();
});
