/** snug.d.ts, of client/sdk/types.ts: what that file takes from the protocol is written out, so that an application needs neither our schemas nor their library. */
import { resolve } from "node:path";
import { writtenOut } from "./written-out.ts";

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
