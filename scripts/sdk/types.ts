/** Holds snug.d.ts to its sources: what one says of `connect` and its errors must do for the other, and nothing may lean on another file. */
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";

/** What the compiler finds wrong; empty when nothing. */
export async function faultsOfTypes(root: string): Promise<string> {
  const text = await Bun.file(join(root, "dist/sdk/snug.d.ts")).text();
  if (/\bimport\b/u.test(text)) return "snug.d.ts leans on another file";
  const folder = await mkdtemp(join(root, "dist/sdk-types-"));
  try {
    const level = `import * as built from "../sdk/snug.js";
import * as source from "../../client/sdk/snug.ts";
export const there: typeof source.connect = built.connect;
export const back: typeof built.connect = source.connect;
export const error: source.ApiError = new built.ApiError({ code: "offline", retry: true });
export const other: built.ApiError = new source.ApiError({ code: "offline", retry: true });
`;
    await Bun.write(join(folder, "level.ts"), level);
    // An application's own settings, and no types of Bun: what stands there must be known to every TypeScript with a DOM.
    const alone = `import { connect, type Message } from "../sdk/snug.js";
const snug = connect({ url: "https://chat.example", token: async () => "token" });
snug.on("message", ({ message, user }) => console.log(user.display_name, message.content));
export const posted: Promise<Message | null> = snug.post("room", "hello");
// @ts-expect-error there is no such event
snug.on("mesage", () => {});
`;
    await Bun.write(join(folder, "alone.ts"), alone);
    const strict = { module: "Preserve", moduleResolution: "bundler", target: "ESNext", strict: true, noEmit: true };
    const settings = {
      level: { extends: "../../client/tsconfig.json", include: [], exclude: [], files: ["level.ts"] },
      alone: { compilerOptions: { ...strict, lib: ["ESNext", "DOM"], types: [] }, files: ["alone.ts"] },
    };
    const faults = await Promise.all(
      Object.entries(settings).map(async ([name, setting]) => {
        await Bun.write(join(folder, `${name}.json`), JSON.stringify(setting));
        const words = [process.execPath, "check", "--no-script", "-p", join(folder, `${name}.json`)];
        const child = Bun.spawn(words, { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
        const said = (await new Response(child.stdout).text()) + (await new Response(child.stderr).text());
        return (await child.exited) === 0 ? "" : said;
      }),
    );
    return faults.join("");
  } finally {
    await rm(folder, { recursive: true });
  }
}
