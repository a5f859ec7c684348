/** Quiet. */
import type { Catalogues, Translated } from "../catalogues.ts";

export const quiet: Translated<Catalogues["quiet"]> = {
  title: "勿扰",
  hint: "在此期间，你的所有设备都不会有通知和提示音。其他人看不到。",
  for_half_hour: "暂停 30 分钟",
  for_hour: "暂停 1 小时",
  until_tomorrow: "暂停到明天",
  paused_until: (when) => `暂停至 ${when}。`,
  in_hours: "现在是你的勿扰时段。",
  hours: "勿扰时段",
  hours_hint: "每周在所选的日子开始。",
  from: "从",
  to: "到",
  days: "星期",
  sound: "每条通知都播放提示音",
  sound_hint: "静音的会话以及勿扰期间不会播放。",
  hear_it: "试听",
  more: "在设置中调整勿扰时段",
};
