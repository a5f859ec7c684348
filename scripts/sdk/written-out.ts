/**
 * Types of our sources as one can say them without those sources: each as one declaration, where it holds another of them by its name. By the
 * compiler that checks us, whose interface is its own only ("unstable"): what comes out is checked by types.ts.
 */
import { resolve } from "node:path";
import { API } from "typescript/unstable/async";

const NO_TRUNCATION = 1; // TypeScript's NodeBuilderFlags
const IN_TYPE_ALIAS = 8_388_608; // at the top the type itself, not its name

export type Wanted = { name: string; file: string };

/** In the order wanted. `others` tells where to find a type that one of them names; those follow behind, and so on. Throws for a name that nobody tells. */
export async function writtenOut(root: string, wanted: readonly Wanted[], others: (name: string) => string | null = () => null): Promise<string[]> {
  const api = new API({ cwd: root });
  try {
    const snapshot = await api.updateSnapshot({ openProjects: [resolve(root, "tsconfig.json")] });
    const checker = snapshot.getProjects()[0]?.checker;
    const bodies = new Map<string, { head: string; body: string }>();
    const queue = [...wanted];
    for (let next = queue.shift(); next; next = queue.shift()) {
      const { name, file } = next;
      if (bodies.has(name)) continue;
      const source = await Bun.file(file).text();
      const [said = "", , parameters = ""] = new RegExp(`export (type|interface) ${name}(<\\w+>)? `, "u").exec(source) ?? [];
      const symbol = said === "" ? undefined : await checker?.getSymbolAtPosition(file, source.indexOf(said) + said.indexOf(name));
      const type = symbol && (await checker?.getDeclaredTypeOfSymbol(symbol));
      const body = type && (await checker?.typeToString(type, undefined, NO_TRUNCATION | IN_TYPE_ALIAS));
      if (body === undefined) throw new Error(`${file} tells no type ${name}`);
      bodies.set(name, { head: `export type ${name}${parameters} = `, body });
      for (const other of namesIn(body)) {
        const place = others(other);
        if (place !== null && !bodies.has(other)) queue.push({ name: other, file: place });
      }
    }
    // The longest first: a page holds messages, a message holds no page. A name for `string` or a short union would be found everywhere.
    const long = [...bodies].filter(([, { body }]) => body.startsWith("{")).sort(([, a], [, b]) => b.body.length - a.body.length);
    return [...bodies].map(([name, { head, body }]) => {
      const named = long.filter(([other]) => other !== name).reduce((text, [other, one]) => text.replaceAll(one.body, other), body);
      return `${head}${named};`;
    });
  } finally {
    await api.close();
  }
}

/** What looks like the name of a type. */
export const namesIn = (text: string): string[] => [...new Set(text.match(/(?<![\w"'.])[A-Z]\w*(?![\w"':?(])/gu) ?? [])];
