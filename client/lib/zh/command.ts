/** Slash commands. */
import type { Catalogues, Translated } from "../catalogues.ts";
import { listed } from "../plurals.ts";

export const command: Translated<Catalogues["command"]> = {
  name: "名字",
  text: "文本",
  invite: "添加成员到此频道",
  topic: "设置此频道的主题",
  me: "用斜体描述你在做什么",
  leave: "退出此会话",
  mute: "将此会话静音",
  dm: "给某人发私信",
  shrug: "在消息末尾加上耸肩表情",
  unknown: (command) => `没有 /${command} 这个命令。以两个斜杠开头可将其作为文本发送。`,
  use: (usage) => `用法：${usage}`,
  nobody: (name) => `这里没有人叫 @${name}。`,
  channels_only: "此命令只能在频道中使用。",
  stays: "私信无法退出。",
  added: (names) => `已将 ${listed(names)} 添加到此频道。`,
  topic_set: "频道主题已更新。",
  muted: "此会话已静音。",
};
