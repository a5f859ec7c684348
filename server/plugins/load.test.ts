import { afterAll, beforeAll, expect, test } from "bun:test";
import { chmodSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CannotStart } from "../cannot-start.ts";
import { createHooks } from "../chat/hooks.ts";
import { createLog } from "../log.ts";
import { makeScratch } from "../testing/scratch.ts";
import { loadPlugins } from "./load.ts";

let folder: string;
beforeAll(() => void (folder = makeScratch("plugins")));
afterAll(() => rmSync(folder, { recursive: true }));

const seams = () => ({ hooks: createHooks(() => {}), log: createLog({ level: "error", format: "text", now: () => 0, write: () => {} }) });
const file = (name: string, text: string, mode = 0o600): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
};
const SHOUT = `export const plugin = ({ hooks }) => hooks.bind("message.posting", (event, next) => { event.draft.content += "!"; return next(); });`;

test("plugins bind to the hooks in the order in which they are named", async () => {
  const { hooks, log } = seams();
  const ask = SHOUT.replace('"!"', '"?"');
  await loadPlugins([file("shout.ts", SHOUT), file("ask.ts", ask)], { hooks, log });
  const event = {
    who: { tenant_id: "t", user_id: "u", role: "member", via: { sign_in_id: "s" } },
    room_id: "r",
    draft: { client_id: "c", content: "hi" },
  } as const;
  await hooks.before("message.posting", event);
  expect(event.draft.content as string).toBe("hi!?");
});

test("a file that others may write is refused, the same file that they may only read is not", async () => {
  const path = file("open.ts", SHOUT, 0o664);
  await expect(loadPlugins([path], seams())).rejects.toThrow(CannotStart);
  chmodSync(path, 0o644);
  await loadPlugins([path], seams());
});

test("what is missing, no file or no plugin stops the start and is named", async () => {
  for (const path of [join(folder, "missing.ts"), folder, file("empty.ts", "export const other = 1;")]) {
    await expect(loadPlugins([path], seams())).rejects.toThrow(path);
  }
});
