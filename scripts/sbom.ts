/**
 * The bill of materials of an executable, in CycloneDX: every package whose code or data is inside, by what the bundler says it took in, with
 * version, checksum (from the lockfile), licence and its notice, which the licences want handed on. Written beside the executable.
 */
import { readdir } from "node:fs/promises";
import { join } from "node:path";

export type Part = { readonly name: string; readonly version: string; readonly license: string; readonly notice: string | null };

/** The folders of the packages that these bundled files belong to, sorted, each once; of nested packages the innermost. */
export function packageFolders(files: readonly string[]): string[] {
  const folders = files.map((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0]).filter((folder) => folder !== undefined);
  return [...new Set(folders)].toSorted();
}

/** `integrities` maps `name@version` to the lockfile's `sha512-…`. Throws for a part that the lockfile does not know. */
export function billOf(product: { name: string; version: string }, parts: readonly Part[], integrities: ReadonlyMap<string, string>): object {
  return {
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    version: 1,
    metadata: { component: { type: "application", ...product } },
    components: parts.map(({ name, version, license, notice }) => {
      const integrity = integrities.get(`${name}@${version}`);
      if (integrity === undefined) throw new Error(`${name}@${version} is bundled, but not in bun.lock`);
      return {
        type: "library",
        name,
        version,
        purl: `pkg:npm/${name.replace("@", "%40")}@${version}`,
        hashes: [{ alg: "SHA-512", content: Buffer.from(integrity.replace("sha512-", ""), "base64").toString("hex") }],
        licenses: [{ license: { name: license, ...(notice !== null && { text: { content: notice } }) } }],
      };
    }),
  };
}

/** The checksum of every package in a lockfile of Bun, by `name@version`. */
export function integritiesIn(lockfile: string): Map<string, string> {
  const lock = Bun.JSONC.parse(lockfile) as { packages: Record<string, [string, string, object, string]> };
  return new Map(Object.values(lock.packages).map(([id, , , integrity]) => [id, integrity]));
}

/** What a package says of itself. */
export async function readPart(folder: string): Promise<Part> {
  const { name, version, license }: { name: string; version: string; license?: string } = await Bun.file(join(folder, "package.json")).json();
  const file = (await readdir(folder)).find((one) => /^licen[cs]e(\.\w+)?$/i.test(one));
  return { name, version, license: license ?? "see the notice", notice: file === undefined ? null : await Bun.file(join(folder, file)).text() };
}
