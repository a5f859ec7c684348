/** An open thread. */
import type { Catalogues, Translated } from "../catalogues.ts";
import { counted } from "../plurals.ts";

export const threadWords: Translated<Catalogues["threadWords"]> = {
  replies_region: "回复",
  count: (n) => (n === 0 ? "还没有回复" : `${counted(n)} 条回复`),
};
