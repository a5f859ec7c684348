/** Tells whether an executable was built from the sources as they are now, so that `npm start` builds only when there is something to build. */
import { createHash } from "node:crypto";
import { join } from "node:path";

// What the executable is made of, and what decides how. Tests are not: the product is the same without them.
const SOURCES = ["{server,client,db,scripts}/**/*", "docs/migrating.md"].map((pattern) => new Bun.Glob(pattern)); // the server serves that one page
const NOT_PRODUCT = /\.test\.tsx?$|^server\/testing\/|^client\/testing\/|^scripts\/(?!build|sbom|sources|check\/free-port)/;
const ALONE = ["package.json", "bun.lock"];

/** A hash over names and contents of all that the executable is made of. */
export async function fingerprint(root: string): Promise<string> {
  const names = [...SOURCES.flatMap((glob) => [...glob.scanSync(root)]), ...ALONE].filter((name) => !NOT_PRODUCT.test(name)).toSorted();
  const hash = createHash("sha256");
  for (const name of names) {
    const bytes = await Bun.file(join(root, name)).bytes();
    hash.update(`${name}\0${bytes.length}\0`).update(bytes);
  }
  return hash.digest("hex");
}

/** The file beside an executable that holds the fingerprint it was built from. */
export const stampOf = (executable: string): string => `${executable}.sources`;

export async function isUpToDate(root: string, executable: string): Promise<boolean> {
  const stamp = Bun.file(stampOf(executable));
  if (!(await stamp.exists()) || !(await Bun.file(executable).exists())) return false;
  return (await stamp.text()) === (await fingerprint(root));
}
