/** Going to a day. */
import type { Catalogues, Translated } from "../catalogues.ts";

export const jump: Translated<Catalogues["jump"]> = {
  title: "跳转到日期",
  day: "日期",
  go: "跳转",
  others: "或者跳转到",
  today: "今天",
  week: "一周前",
  month: "一个月前",
  beginning: "最开头",
};
