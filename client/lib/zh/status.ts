/** Setting a status. */
import type { Catalogues, Translated } from "../catalogues.ts";

export const status: Translated<Catalogues["status"]> = {
  emoji: "表情",
  choose: "选择表情",
  no_emoji: "请只填一个表情。",
  text: "你的状态",
  ends: "自动清除",
  choices: { half_hour: "30 分钟后", hour: "1 小时后", today: "今天结束时", week: "本周结束时", stays: "不清除" },
  keep_end: (when) => `保持不变：${when}`,
  usual: "常用状态",
  usuals: { meeting: "会议中", commute: "通勤中", sick: "病假", away: "休假中", home: "居家办公", focus: "专注中" },
  clear: "清除状态",
};
