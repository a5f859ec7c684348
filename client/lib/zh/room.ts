/** Rooms. */
import type { Catalogues, Translated } from "../catalogues.ts";

export const room: Translated<Catalogues["room"]> = {
  only_admins: "只有管理员可以在此发消息。",
  edit: "编辑频道",
  announcements: "仅管理员可发消息",
  hand_over: "设为所有者",
  hand_over_question: (name, room) => `将 ${name} 设为 ${room} 的所有者？你仍是管理员，但只有对方才能交还所有权。`,
};
