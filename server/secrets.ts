/**
 * The secret and what is derived from it by HKDF. It is made at the first start, 0600, and never has a default. Several lines give several
 * keys: the first signs, all verify, so that it can be changed without signing everybody out.
 */
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { hkdfSync } from "node:crypto";
import type { Keys } from "./chat/chat.ts";

export type SigningKey = { kid: string; key: Uint8Array };
export type Secrets = Keys & {
  /** Access tokens: the first signs, all verify. */
  readonly signing: readonly SigningKey[];
  /** One per line, kept in the database: an instance starts if one of its lines is among them. */
  readonly prints: readonly string[];
};

/** Reads `<data>/secret`, or makes it; `given` (a setting) goes before. The operator key's file is written anew at each start. */
export function readSecrets(data: string, given: string | null): Secrets {
  mkdirSync(data, { recursive: true, mode: 0o700 });
  const file = join(data, "secret");
  if (given === null && !existsSync(file)) {
    writeFileSync(file, `${Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString("hex")}\n`, { mode: 0o600, flag: "wx" });
  }
  const secrets = deriveKeys(given ?? readFileSync(file, "utf8"));
  const operatorFile = join(data, "operator.key");
  writeFileSync(operatorFile, `${secrets.operator_key}\n`, { mode: 0o600 });
  chmodSync(operatorFile, 0o600);
  return secrets;
}

/** Throws when a line has fewer than 32 bytes. */
export function deriveKeys(secret: string): Secrets {
  const lines = secret.split("\n").map((line) => line.trim()).filter((line) => line !== "");
  const [first] = lines;
  if (first === undefined || lines.some((line) => Buffer.byteLength(line) < 32)) throw new Error("The secret needs 32 bytes or more in each line.");
  const derived = (line: string, use: string): Uint8Array => new Uint8Array(hkdfSync("sha256", line, "snug.v1", use, 32));
  const hex = (line: string, use: string): string => Buffer.from(derived(line, use)).toString("hex");
  return {
    setup_token: hex(first, "setup"),
    operator_key: hex(first, "operator"),
    refresh: derived(first, "refresh"),
    signing: lines.map((line) => ({ kid: hex(line, "kid").slice(0, 16), key: derived(line, "access") })),
    prints: lines.map((line) => hex(line, "print")),
  };
}
