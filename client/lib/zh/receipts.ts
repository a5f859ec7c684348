/** Who has read what. */
import type { Catalogues, Translated } from "../catalogues.ts";
import { counted, listed } from "../plurals.ts";

export const receipts: Translated<Catalogues["receipts"]> = {
  seen: (names) => `${listed(names)} 已读`,
  names: (names) => listed(names),
  count: (n) => `${counted(n)} 人已读`,
};
