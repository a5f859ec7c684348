import { afterEach, beforeEach, expect, test } from "bun:test";
import { chmodSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { holdFile } from "./hold.ts";

let folder: string;
const children = new Set<Bun.Subprocess>();
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "snug-hold-"))));
afterEach(async () => {
  for (const child of children) child.kill("SIGKILL");
  await Promise.all([...children].map((child) => child.exited));
  children.clear();
  rmSync(folder, { recursive: true });
});

/** Another process that tries to hold the file, keeps no reference to what it got, and ends when it is killed or this process has gone. */
async function holder(path: string) {
  const code = `const { holdFile } = await import(${JSON.stringify(join(import.meta.dir, "hold.ts"))});
    const said = holdFile(${JSON.stringify(path)}) === null ? "refused" : "held";
    Bun.gc(true);
    console.log(said);
    await Bun.stdin.text();`;
  const child = Bun.spawn([process.execPath, "-e", code], { stdio: ["pipe", "pipe", "inherit"] });
  children.add(child);
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
  hold?.release();
});

test("what is no file to hold is a fault, not somebody else's hold", () => {
  expect(() => holdFile(join(folder, "missing", "lock"))).toThrow();
  chmodSync(folder, 0o700);
  expect(() => holdFile(folder)).toThrow();
});
