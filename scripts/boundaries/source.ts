/** What the boundaries look at in a file: its code without comments, and what it imports. By patterns, not by a parser: enough for code that `bun fmt` laid out. */
import { posix } from "node:path";

export type Import = {
  readonly from: string;
  readonly line: number;
  readonly onlyTypes: boolean;
  /** By `import()`, when it is first needed. */
  readonly isLate: boolean;
};
export type Source = { readonly path: string; readonly code: string; readonly imports: readonly Import[] };

// Strings come first, so that "https://…" does not begin a comment.
const STRING_OR_COMMENT = /("(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`)|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g;
const IMPORT = /\b(?:import|export)\s+(type\s+)?((?:[\w$*]|\{[^}]*\})[^"'`;=()]*?\s+from\s+)?["']([^"'\n]+)["']|\bimport\(\s*["']([^"'\n]+)["']/g;

/** `path` is from the root of the repository, with slashes. Line numbers of `code` are those of `text`. */
export function readSource(path: string, text: string): Source {
  const code = text.replace(STRING_OR_COMMENT, (found, string: string | undefined) => string ?? found.replace(/[^\n]/g, " "));
  const imports = [...code.matchAll(IMPORT)].map((match) => {
    const [, type, names = "", plain, dynamic] = match;
    return {
      from: resolved(path, plain ?? dynamic ?? ""),
      line: lineAt(code, match.index),
      onlyTypes: type !== undefined || namesOnlyTypes(names),
      isLate: plain === undefined,
    };
  });
  return { path, code, imports };
}

/** The line, from 1, on which the character at `index` stands. */
export const lineAt = (code: string, index: number): number => code.slice(0, index).split("\n").length;

// Our own files by their path from the root; packages by their name.
const resolved = (path: string, from: string): string => (from.startsWith(".") ? posix.join(posix.dirname(path), from) : from);

function namesOnlyTypes(names: string): boolean {
  const listed = /^\{([^}]*)\}/.exec(names.trim())?.[1];
  if (listed === undefined) return false;
  const parts = listed.split(",").map((part) => part.trim());
  return parts.every((part) => part === "" || part.startsWith("type "));
}
