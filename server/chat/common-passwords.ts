/** Run when Snug is built (a Bun macro): the list becomes one packed text in the program instead of 49,233 strings in its memory. */
import { dictionary } from "@zxcvbn-ts/language-common";

/** The passwords of eight characters or more that everybody tries first, each between line feeds; deflated, in base64: the program holds it three times. */
export const commonPasswords = (): string => {
  const long = (dictionary["passwords-common"] ?? []).filter((word) => typeof word === "string" && /^[\u0020-\u007e]{8,}$/u.test(word));
  return Buffer.from(Bun.deflateSync(Buffer.from(`\n${long.sort().join("\n")}\n`), { level: 9 })).toString("base64");
};
