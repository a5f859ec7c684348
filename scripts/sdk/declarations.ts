/**
 * snug.d.ts, of client/sdk/types.ts: what that file takes from the protocol is written out by the compiler that checks us, so that an application
 * needs neither our schemas nor their library. The compiler's interface is its own only ("unstable"): what comes out is checked by sdk.ts.
 */
import { resolve } from "node:path";
import { API } from "typescript/unstable/async";

const NO_TRUNCATION = 1; // TypeScript's NodeBuilderFlags
const IN_TYPE_ALIAS = 8_388_608; // at the top the type itself, not its name

const IMPORTED = /import type \{([^}]*)\} from "\.\.\/\.\.\/(server\/protocol[^"]*)";\n/gu;

// Its methods are those of Error.
const API_ERROR = `/** What a call was refused with; \`offline\` when nothing answered. */
export declare class ApiError extends Error {
  readonly name: "ApiError";
  readonly code: string;
  /** Whether the very same may succeed later. */
  readonly retry: boolean;
  readonly retry_after_ms: number | undefined;
  /** Paths of the fields that are wrong. */
  readonly fields: readonly string[];
  /** By which the operator finds it in the log. */
  readonly request_id: string | undefined;
  constructor(error: { code: string; retry: boolean; retry_after_ms?: number; fields?: string[]; request_id?: string });
}`;
const CONNECT = `/** Connects as the token or key says, and stays connected until \`close\`. Bind the hearers in the same turn: nothing is told before it ends. */
export declare function connect(options: Options): Snug;`;

export async function declarations(root: string): Promise<string> {
  const text = await Bun.file(resolve(root, "client/sdk/types.ts")).text();
  const wanted = [...text.matchAll(IMPORTED)].flatMap(([, names = "", file = ""]) =>
    names.split(",").flatMap((name) => (name.trim() === "" ? [] : [{ name: name.trim(), file: resolve(root, file) }])),
  );
  const written = await writtenOut(root, wanted);
  const own = text.replaceAll(IMPORTED, "").replace(/import type \{ ApiError \}[^\n]*\n/u, "");
  return [own.trim(), API_ERROR, CONNECT, "// The shapes of the protocol.", ...written].join("\n\n") + "\n";
}

/** Each as one declaration; where a type holds another of them, it says its name. */
async function writtenOut(root: string, wanted: readonly { name: string; file: string }[]): Promise<string[]> {
  const api = new API({ cwd: root });
  try {
    const snapshot = await api.updateSnapshot({ openProjects: [resolve(root, "tsconfig.json")] });
    const checker = snapshot.getProjects()[0]?.checker;
    const bodies = new Map<string, { head: string; body: string }>();
    for (const { name, file } of wanted) {
      const source = await Bun.file(file).text();
      const [said = "", parameters = ""] = new RegExp(`export type ${name}(<\\w+>)? = `, "u").exec(source) ?? [];
      const symbol = said === "" ? undefined : await checker?.getSymbolAtPosition(file, source.indexOf(said) + "export type ".length);
      const type = symbol && (await checker?.getDeclaredTypeOfSymbol(symbol));
      const body = type && (await checker?.typeToString(type, undefined, NO_TRUNCATION | IN_TYPE_ALIAS));
      if (body === undefined) throw new Error(`${file} tells no type ${name}`);
      bodies.set(name, { head: `export type ${name}${parameters} = `, body });
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
