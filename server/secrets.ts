/**
 * The secret and what is derived from it by HKDF. It has no default: the first start makes one, 0600. Several lines give several keys: the first
 * signs, all verify, so that it can be changed without signing everybody out.
 */
import { hkdfSync } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { CannotStart } from "./cannot-start.ts";
import type { Keys } from "./chat/chat.ts";
import { writePrivately } from "./private-file.ts";
import { secretLines, WrongValue } from "./setting-values.ts";

export type SigningKey = { kid: string; key: Uint8Array };
export type Secrets = Keys & {
  /** Access tokens: the first signs, all verify. */
  readonly signing: readonly SigningKey[];
  /** One for each line, kept in the database: an instance starts if one of its lines is among them. */
  readonly prints: readonly string[];
};

/**
 * The keys of `given` (the setting's lines), else of `<data>/secret`, which is made when there is none. Writes `<data>/operator.key` anew. Call it
 * holding the data folder: two first starts at once would each make a secret. Throws CannotStart for a file that is too short.
 */
export function readSecrets(data: string, given: readonly string[] | null): Secrets {
  const secrets = deriveKeys(given ?? linesOf(join(data, "secret")));
  writePrivately(operatorFile(data), `${secrets.operator_key}\n`);
  return secrets;
}

export const operatorFile = (data: string): string => join(data, "operator.key");

function linesOf(file: string): readonly string[] {
  if (!existsSync(file)) writePrivately(file, `${Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString("hex")}\n`);
  try {
    return secretLines(readFileSync(file, "utf8"));
  } catch (fault) {
    throw fault instanceof WrongValue ? new CannotStart(`${file} ${fault.message}`) : fault;
  }
}

/** `lines` as secretLines gives them. The same lines give the same keys, on every instance and after every restart. */
export function deriveKeys(lines: readonly string[]): Secrets {
  const first = lines[0] ?? "";
  return {
    setup_token: hex(first, "setup"),
    operator_key: hex(first, "operator"),
    refresh: derived(first, "refresh"),
    sealing: lines.map((line) => ({ kid: hex(line, "kid").slice(0, 16), key: derived(line, "seal") })),
    signing: lines.map((line) => ({ kid: hex(line, "kid").slice(0, 16), key: derived(line, "access") })),
    prints: lines.map((line) => hex(line, "print")),
  };
}

const derived = (line: string, use: string): Uint8Array => new Uint8Array(hkdfSync("sha256", line, "snug.v1", use, 32));
const hex = (line: string, use: string): string => Buffer.from(derived(line, use)).toString("hex");
