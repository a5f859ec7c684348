/** Holds the declarations that others are given to the sources, and to standing alone. */
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";

const STRICT = { module: "Preserve", moduleResolution: "bundler", target: "ESNext", strict: true, noEmit: true };

const LEVEL = `import * as built from "../sdk/snug.js";
import * as source from "../../client/sdk/snug.ts";
export const there: typeof source.connect = built.connect;
export const back: typeof built.connect = source.connect;
export const error: source.ApiError = new built.ApiError({ code: "offline", retry: true });
export const other: built.ApiError = new source.ApiError({ code: "offline", retry: true });
`;
const ALONE = `import { connect, type Message } from "../sdk/snug.js";
const snug = connect({ url: "https://chat.example", token: async () => "token" });
snug.on("message", ({ message, user }) => console.log(user.display_name, message.content));
export const posted: Promise<Message | null> = snug.post("room", "hello");
// @ts-expect-error there is no such event
snug.on("mesage", () => {});
`;
const PLUGIN = `import { definePlugin, defineRoute, refuse, t } from "snug/plugin";
export const plugin = definePlugin({
  name: "typed",
  start({ hooks }) {
    hooks.bind("message.posting", ({ draft }) => void draft.content.trim());
    // @ts-expect-error there is no such hook
    hooks.bind("message.posing", () => {});
  },
  routes: [
    defineRoute({
      method: "POST",
      path: "/",
      for: "user",
      body: t.Object({ count: t.Number() }),
      answers: { 200: t.Number() },
      handle: ({ body }) => body.count + 1,
    }),
  ],
});
// @ts-expect-error there is no such code
export const no = (): never => refuse("because");
`;

/** What the compiler finds wrong between snug.d.ts and its sources, or in snug.d.ts by itself; empty when nothing. */
export async function faultsOfClient(root: string): Promise<string> {
  const text = await Bun.file(join(root, "dist/sdk/snug.d.ts")).text();
  if (/\bimport\b/u.test(text)) return "snug.d.ts leans on another file";
  const level = { extends: "../../client/tsconfig.json", include: [], exclude: [] };
  const alone = { compilerOptions: { ...STRICT, lib: ["ESNext", "DOM"], types: [] } }; // an application's own, without the types of Bun
  return (await faultsIn(root, level, { "level.ts": LEVEL })) + (await faultsIn(root, alone, { "alone.ts": ALONE }));
}

/** The same for an author of plugins, who has snug-plugin.d.ts and no checkout: the examples too must do with it. */
export async function faultsOfPlugins(root: string): Promise<string> {
  const examples = [...new Bun.Glob("docs/plugins/*.ts").scanSync(root)].map((path) => join(root, path));
  const settings = {
    compilerOptions: { ...STRICT, lib: ["ESNext"], types: ["bun"], skipLibCheck: false },
    files: ["../plugin/snug-plugin.d.ts", ...examples],
  };
  return faultsIn(root, settings, { "plugin.ts": PLUGIN });
}

type Settings = { files?: readonly string[]; [setting: string]: unknown };

async function faultsIn(root: string, settings: Settings, texts: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(root, "dist/types-"));
  try {
    for (const [name, text] of Object.entries(texts)) await Bun.write(join(folder, name), text);
    const whole = { ...settings, files: [...(settings.files ?? []), ...Object.keys(texts)] };
    await Bun.write(join(folder, "tsconfig.json"), JSON.stringify(whole));
    const words = [process.execPath, "check", "--no-script", "-p", join(folder, "tsconfig.json")];
    const child = Bun.spawn(words, { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
    const said = (await new Response(child.stdout).text()) + (await new Response(child.stderr).text());
    return (await child.exited) === 0 ? "" : said;
  } finally {
    await rm(folder, { recursive: true });
  }
}
