import { afterAll, beforeAll, expect, test } from "bun:test";
import { chmodSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CannotStart } from "../cannot-start.ts";
import { createHooks } from "../chat/hooks.ts";
import { pageMessages, postMessage } from "../chat/messages.ts";
import { joinRoom } from "../chat/membership.ts";
import type { Principal } from "../chat/principal.ts";
import { createRoom } from "../chat/rooms.ts";
import { patchUser } from "../chat/users.ts";
import { createLog } from "../log.ts";
import { makeScratch } from "../testing/scratch.ts";
import { draftFor, type World, world } from "../testing/world.ts";
import { loadPlugins } from "./load.ts";

let folder: string;
beforeAll(() => void (folder = makeScratch("plugins")));
afterAll(() => rmSync(folder, { recursive: true }));

const nowhere = (): never => {
  throw new Error("Nothing is served yet");
};
const given = (here?: World) => {
  const said: string[] = [];
  const faults: string[] = [];
  const hooks = here ? here.chat.hooks : createHooks((point, fault, by) => void faults.push(`${by} ${point}: ${String(fault)}`));
  const log = createLog({ level: "info", format: "text", now: () => 0, write: (line) => void said.push(line) });
  return { hooks, log, chat: here ? () => here.chat : nowhere, said, faults };
};
const file = (name: string, text: string, mode = 0o600): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
};
const posting = () => ({
  who: { tenant_id: "t", user_id: "u", role: "member" as const, via: { sign_in_id: "s" } },
  room_id: "r",
  draft: { client_id: "c", content: "hi" },
});
const SHOUT = `export const plugin = ({ hooks }) => hooks.bind("message.posting", (event, next) => { event.draft.content += "!"; return next(); });`;
const defined = (name: string, parts: string): string =>
  `import { definePlugin, refuse, t } from "snug/plugin";\nexport const plugin = definePlugin({ name: ${JSON.stringify(name)}, ${parts} });`;

test("plugins bind to the hooks in the order in which they are named", async () => {
  const seams = given();
  const ask = defined("ask", `start: ({ hooks }) => hooks.bind("message.posting", ({ draft }) => { draft.content += "?"; })`);
  const loaded = await loadPlugins([file("shout.ts", SHOUT), file("ask.ts", ask)], seams);
  const event = posting();
  await seams.hooks.before("message.posting", event);
  expect(event.draft.content).toBe("hi!?");
  expect(loaded.map(({ name }) => name)).toEqual(["shout", "ask"]);
});

test("a plugin that fails is told by its name, and its lines of the log say whose they are", async () => {
  const seams = given();
  const broken = defined(
    "broken",
    `start({ hooks, log }) { log.info("broken.here"); hooks.bind("message.posting", () => { throw new Error("oh"); }); }`,
  );
  await loadPlugins([file("broken.ts", broken)], seams);
  await seams.hooks.before("message.posting", posting());
  expect(seams.faults).toEqual(["plugin broken message.posting: Error: oh"]);
  expect(seams.said.join()).toContain('broken.here plugin="broken"');
});

test("a plugin refuses a post by a reason of the closed table; one that is required stops what it cannot look at", async () => {
  const refusing = given();
  await loadPlugins(
    [file("refuses.ts", defined("refuses", `start: ({ hooks }) => hooks.bind("message.posting", () => refuse("forbidden"))`))],
    refusing,
  );
  await expect(refusing.hooks.before("message.posting", posting())).rejects.toMatchObject({ reason: "forbidden" });
  const law = given();
  await loadPlugins([file("law.ts", defined("law", `required: true, start: ({ hooks }) => hooks.bind("message.posting", () => { throw 1; })`))], law);
  await expect(law.hooks.before("message.posting", posting())).rejects.toMatchObject({ reason: "unavailable" });
});

test("a file that others may write is refused, the same file that they may only read is not", async () => {
  const path = file("open.ts", SHOUT, 0o664);
  await expect(loadPlugins([path], given())).rejects.toThrow(CannotStart);
  chmodSync(path, 0o644);
  await loadPlugins([path], given());
});

test("what is missing, no file, no plugin, a bad name or no code stops the start and is named", async () => {
  const wrong = [
    join(folder, "missing.ts"),
    folder,
    file("empty.ts", "export const other = 1;"),
    file("name.ts", defined("Not A Name", "")),
    file("code.ts", "export const plugin = ("),
    file("start.ts", defined("start", `start() { throw new Error("no"); }`)),
    file("early.ts", defined("early", `start: ({ snug }) => { snug.newId(); }`)),
  ];
  for (const path of wrong) await expect(loadPlugins([path], given())).rejects.toThrow(path);
});

test("two plugins of one name, or two backplanes, do not start; two of two names do", async () => {
  const [one, two] = [file("one.ts", defined("same", "")), file("two.ts", defined("same", ""))];
  await expect(loadPlugins([one, two], given())).rejects.toThrow(two);
  expect(await loadPlugins([one, file("three.ts", defined("another", ""))], given())).toHaveLength(2);
  const carriers = ["four", "five"].map((name) => file(`${name}.ts`, defined(name, "backplane: async () => null")));
  await expect(loadPlugins(carriers, given())).rejects.toThrow("five.ts");
});

test("the welcome bot greets who comes into a public channel, not itself; disabled it is silent, in private rooms it is not", async () => {
  await using here = await withPlugins(["welcome-bot.ts"]);
  const { chat, ann, bob, cy, room } = here;
  const { room: open } = await createRoom(chat, ann, { type: "channel", name: "open", visibility: "public" });
  const heard = async (room_id: string) => (await pageMessages(chat, ann, { room_id })).items.map(({ content }) => content);
  await here.joined(bob, open.id);
  expect(await heard(open.id)).toEqual(["Welcome, bob!"]);
  const bot = (await pageMessages(chat, ann, { room_id: open.id })).users.find(({ kind }) => kind === "bot");
  expect(bot?.username).toBe("welcome");
  await patchUser(chat, ann, { user_id: bot?.id ?? "", disabled: true });
  await here.joined(cy, open.id);
  expect(await heard(open.id)).toEqual(["Welcome, bob!"]);
  expect(await heard(room.id)).toEqual([]);
});

test("the word filter stars a word, leaves those that hold it, and refuses what is nothing else", async () => {
  await using here = await withPlugins(["word-filter.ts"]);
  const { chat, ann, room } = here;
  const { message } = await postMessage(chat, ann, draftFor(room, "Darn it, darning is not"));
  expect("content" in message && message.content).toBe("**** it, darning is not");
  await expect(postMessage(chat, ann, draftFor(room, "HECK darn"))).rejects.toMatchObject({ reason: "invalid" });
  expect((await pageMessages(chat, ann, { room_id: room.id })).items).toHaveLength(1);
});

async function withPlugins(names: readonly string[]) {
  const here = await world();
  const texts = names.map((name) => [name, readFileSync(join(import.meta.dir, "../../docs/plugins", name), "utf8")] as const);
  await loadPlugins(
    texts.map(([name, text]) => file(name, text)),
    given(here),
  );
  // Bound after the plugin's own handler: it runs when that one is done.
  const done = new Map<string, () => void>();
  here.chat.hooks.bind("member.joined", ({ member }) => done.get(member.user_id)?.());
  const joined = async (who: Principal, room_id: string): Promise<void> => {
    const { promise, resolve } = Promise.withResolvers<void>();
    done.set(who.user_id, resolve);
    await joinRoom(here.chat, who, { room_id });
    await promise;
  };
  return { ...here, joined, [Symbol.asyncDispose]: here.dispose };
}
