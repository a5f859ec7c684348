/** Invitations. */
import type { Catalogues, Translated } from "../catalogues.ts";
import { counted } from "../plurals.ts";

export const workspaceInvites: Translated<Catalogues["workspaceInvites"]> = {
  intro: "拿到链接的人都可以加入，直到链接过期或次数用完。",
  list: "邀请",
  none: "还没有邀请任何人。",
  make: "创建邀请",
  role: "加入后的角色",
  roles: { member: "成员", admin: "管理员" },
  expiry: "有效期",
  days: (n) => `${n} 天`,
  uses: "可使用次数",
  times: (n) => `${counted(n)} 次`,
  used: (n, m) => `已使用 ${counted(n)}/${counted(m)} 次`,
  made: (when) => `创建于 ${when}`,
  until: (when) => `${when} 到期`,
  ended: (when) => `已于 ${when} 过期`,
  open: "有效",
  revoked: "已撤销",
  expired: "已过期",
  used_up: "已用完",
  revoke: "撤销",
  revoke_of: (what) => `撤销：${what}`,
  revoke_question: "撤销此邀请？链接会立即失效，已通过它加入的人不受影响。",
  link_title: "你的邀请",
  link_hint: "此链接只显示一次。请立即复制，或让对方扫码。",
  link: "邀请链接",
  done: "完成",
  qr: "链接的二维码",
  only_for: (role) => `角色：${role}`,
  all: "所有邀请",
};
