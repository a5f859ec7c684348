/** A person's status. */
import type { Catalogues, Translated } from "../catalogues.ts";

export const person: Translated<Catalogues["person"]> = {
  set_status: "设置状态",
  status_until: (when) => `至 ${when}`,
  pause: "暂停通知",
  resume: "恢复通知",
  paused: "通知已暂停",
};
