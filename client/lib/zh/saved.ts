/** Saved and pinned messages. */
import type { Catalogues, Translated } from "../catalogues.ts";

export const saved: Translated<Catalogues["saved"]> = {
  intro: "只有你能看到，并在你的所有设备上同步。",
  none: "还没有收藏。打开消息的菜单，选择“收藏”。",
  said_in: (room) => `来自 ${room}`,
  list: "收藏的消息",
  unsave: (name) => `取消收藏 ${name} 的消息`,
  unsave_short: "取消收藏",
  pinned: "置顶消息",
  pinned_none: "这里还没有置顶消息。打开消息的菜单，选择“置顶”。",
};
