import { expect, test } from "bun:test";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { blocksOf } from "../client/lib/markdown.ts";
import { leaner } from "./build-client.ts";
import { hostile } from "./walk/hostile.ts";

const documents = [
  ...["# a title", "a title\n===", "    code", "<div>\n*a*\n</div>", "<b>*a*</b>", "[a]: https://example.org\n\n[a]"],
  ...["- a\n\n      b", "> # a\n> <p>", "* * *", "a\n---\nb", "1. # a\n\n       b"],
];

test("what is left out of the page's parser changes nothing that the page shows", async () => {
  const [whole, lean] = [await parserWith([]), await parserWith(leaner)];
  expect(lean.length).toBeLessThan(whole.length - 5_000);
  const path = join(tmpdir(), `snug-markdown-${process.pid}.mjs`);
  await Bun.write(path, lean);
  const built: Pick<typeof import("../client/lib/markdown.ts"), "blocksOf"> = await import(path);
  await Bun.file(path).delete();
  for (const content of [...documents, ...hostile]) expect(built.blocksOf(content)).toEqual(blocksOf(content));
});

async function parserWith(plugins: readonly Bun.BunPlugin[]): Promise<string> {
  const { outputs } = await Bun.build({
    entrypoints: [resolve(import.meta.dir, "../client/lib/markdown.ts")],
    target: "browser",
    minify: true,
    plugins: [...plugins],
    define: { "process.env.NODE_ENV": '"production"' },
  });
  return (await outputs[0]?.text()) ?? "";
}
