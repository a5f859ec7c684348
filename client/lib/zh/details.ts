/** The details of a room. */
import type { Catalogues, Translated } from "../catalogues.ts";
import { counted } from "../plurals.ts";

export const details: Translated<Catalogues["details"]> = {
  description_none: "暂无描述",
  level: "通知",
  leave_hint: "公开频道可以随时重新加入。",
  leave_private_hint: "退出后，需要有人再次添加你才能回来。",
  archive_room: "归档",
  archive_question: (room) => `归档 ${room}？归档后仍可阅读，但在恢复之前任何人都不能发消息。`,
  reopen_room: "恢复",
  made_on: (day) => `创建于 ${day}`,
  members_here: (n) => `${counted(n)} 人`,
  more_people: (n) => `显示更多（还有 ${counted(n)} 人）`,
  put_out: "移出会话",
  put_out_question: (name) => `将 ${name} 移出此会话？`,
  make_admin: "设为管理员",
  make_member: "设为普通成员",
};
