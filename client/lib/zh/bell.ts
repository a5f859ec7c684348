/** The bell. */
import type { Catalogues, Translated } from "../catalogues.ts";
import { counted } from "../plurals.ts";

export const bell: Translated<Catalogues["bell"]> = {
  notifications: "通知",
  bell: (n) => `通知：${counted(n)} 条新通知`,
};
