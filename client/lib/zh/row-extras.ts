/** What stands under a message. */
import type { Catalogues, Translated } from "../catalogues.ts";
import { counted, listed } from "../plurals.ts";

export const rowExtras: Translated<Catalogues["rowExtras"]> = {
  pinned: "已置顶",
  pinned_by: (name, when) => `由 ${name} 置顶，${when}`,
  saved: "已收藏",
  add_reaction: "添加表情回应",
  react_with: (emoji) => `用“${emoji}”回应`,
  label: (emoji, n, names) => `${emoji} ${counted(n)}：${listed(names)}`,
  reacted: (names, emoji) => `${listed(names)} 用“${emoji}”回应了`,
  you: "你",
  others: (n) => `其他 ${counted(n)} 人`,
  was_saved: "已收藏，可在“收藏的消息”中找到。",
  was_unsaved: "已取消收藏。",
};
