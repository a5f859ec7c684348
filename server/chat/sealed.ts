/**
 * What must be read again and is nobody else's to read: AES-256-GCM under a key that the database does not hold. A dump of the database opens
 * nothing, and what was sealed for one place cannot be put into another.
 */
import { createCipheriv, createDecipheriv } from "node:crypto";
import type { Chat } from "./chat.ts";

/** One for each line of the secret; the first seals, all open. */
export type SealingKey = { kid: string; key: Uint8Array };

const IV_BYTES = 12;

/** `kid.iv.sealed`; `place` says what it is of, and must be said again to open it. */
export function seal(chat: Pick<Chat, "keys" | "newSecret">, plain: string, place: string): string {
  const [first] = chat.keys.sealing;
  if (!first) throw new Error("There is no key to seal with");
  const iv = Buffer.from(chat.newSecret(), "base64url").subarray(0, IV_BYTES);
  const cipher = createCipheriv("aes-256-gcm", first.key, iv).setAAD(Buffer.from(place));
  const sealed = Buffer.concat([cipher.update(plain, "utf8"), cipher.final(), cipher.getAuthTag()]);
  return [first.kid, iv.toString("base64url"), sealed.toString("base64url")].join(".");
}

const TAG_BYTES = 16;

/** Throws when its key is there no more, or it was sealed for another place, or changed. */
export function unseal({ keys }: Pick<Chat, "keys">, text: string, place: string): string {
  const [kid, iv = "", sealed = ""] = text.split(".");
  const key = keys.sealing.find((one) => one.kid === kid)?.key;
  if (!key) throw new Error("It was sealed with a secret that this server does not have");
  const bytes = Buffer.from(sealed, "base64url");
  const cipher = createDecipheriv("aes-256-gcm", key, Buffer.from(iv, "base64url"), { authTagLength: TAG_BYTES }).setAAD(Buffer.from(place));
  cipher.setAuthTag(bytes.subarray(-TAG_BYTES));
  return Buffer.concat([cipher.update(bytes.subarray(0, -TAG_BYTES)), cipher.final()]).toString("utf8");
}
