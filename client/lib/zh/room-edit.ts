/** Changing a room. */
import type { Catalogues, Translated } from "../catalogues.ts";

export const roomEdit: Translated<Catalogues["roomEdit"]> = {
  topic: "主题",
  topic_hint: "此频道的用途。",
  who_posts: "谁可以发消息",
  everyone: "所有成员",
  admins: "仅管理员",
  admins_hint: "适合发布公告，所有人都能阅读和回应。",
  close_question: (room) => `将 ${room} 设为私密？其他人将无法找到或加入，现有成员不受影响。`,
  close_room: "设为私密",
  open_question: (room) => `将 ${room} 设为公开？工作区里的所有人都可以加入，并能看到其中的全部历史消息。`,
  open_room: "设为公开",
  archived_channels: (n) => `已归档的频道（${n}）`,
  archived_hint: "仍可阅读，但在恢复之前任何人都不能发消息。",
  restore: "恢复",
  restored: (room) => `${room} 已恢复。`,
};
