/**
 * Keeps the plan of the house: who may import whom (boundaries/imports.ts), that nobody does so in a ring (boundaries/rings.ts), and which words
 * belong to some files alone (boundaries/words.ts). Tests may reach anywhere. `bun run scripts/boundaries.ts` prints each fault as `file:line why` and
 * exits with 1 if there is one.
 */
import { resolve } from "node:path";
import { importFault, isTest, layerOf } from "./boundaries/imports.ts";
import { ringsIn } from "./boundaries/rings.ts";
import { lineAt, readSource, type Source } from "./boundaries/source.ts";
import { RULES } from "./boundaries/words.ts";

/** The faults of these files: path from the root, with slashes → text. */
export function faultsIn(files: ReadonlyMap<string, string>): string[] {
  const sources = [...files].map(([path, text]) => readSource(path, text));
  const kept = sources.filter(({ path }) => !isTest(path)).flatMap((source) => [...homeless(source), ...badImports(source), ...badWords(source)]);
  return [...kept, ...ringsIn(sources)];
}

const homeless = ({ path }: Source): string[] =>
  layerOf(path) === null ? [`${path}:1 belongs to no layer: give it one in scripts/boundaries/imports.ts`] : [];

const badImports = (source: Source): string[] =>
  source.imports.flatMap((found) => {
    const why = importFault(source, found);
    return why === null ? [] : [`${source.path}:${found.line} ${why}`];
  });

const badWords = ({ path, code }: Source): string[] =>
  RULES.filter(({ where, but }) => where.test(path) && !but?.test(path)).flatMap(({ word, why }) =>
    [...code.matchAll(word)].map((match) => `${path}:${lineAt(code, match.index)} says \`${match[0]}\`: ${why}`),
  );

if (import.meta.main) {
  const root = resolve(import.meta.dir, "..");
  const paths = [...new Bun.Glob("{db,server,client,scripts}/**/*.{ts,tsx}").scanSync(root), "drizzle.config.ts"].toSorted();
  const texts = await Promise.all(paths.map(async (path) => [path, await Bun.file(resolve(root, path)).text()] as const));
  const faults = faultsIn(new Map(texts));
  for (const fault of faults) console.log(fault);
  console.log(`${paths.length} files, ${faults.length} faults`);
  process.exit(faults.length === 0 ? 0 : 1);
}
