/** Run when Snug is built (a Bun macro): the list becomes one text in the program instead of 49,233 strings in its memory. */
import { dictionary } from "@zxcvbn-ts/language-common";

/** The passwords of eight characters or more that everybody tries first, each between line feeds. */
export const commonPasswords = (): string => {
  const long = (dictionary["passwords-common"] ?? []).filter((word) => typeof word === "string" && /^[\u0020-\u007e]{8,}$/u.test(word));
  return `\n${long.join("\n")}\n`;
};
