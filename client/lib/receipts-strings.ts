/** The words for who has read what. They come where a workspace lets that be told. */
import { inLanguage } from "./language.ts";
import { counted, listed, several } from "./plurals.ts";

export const words = inLanguage("receipts", {
  seen: (names: readonly string[]) => `Seen by ${listed(names)}`,
  names: (names: readonly string[]) => listed(names),
  count: (n: number) => several(n, "Seen by 1 person", `Seen by ${counted(n)} people`),
} as const);
