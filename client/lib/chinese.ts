/**
 * Simplified Chinese: one file of its own, fetched when the page is to speak it.
 *
 * One word for one thing, as people who write chats in Chinese say it:
 *
 *   workspace 工作区   room 会话   channel 频道   direct message 私信   group 群聊   thread 讨论串   topic 主题   description 描述
 *   owner 所有者   admin 管理员   member 成员   bot 机器人   display name 显示名称   username 用户名   profile 个人资料   status 状态
 *   mention 提及   reaction 表情回应   emoji 表情   pin 置顶   save (a message) 收藏   save (a form) 保存   draft 草稿   file 文件
 *   unread 未读   read receipt 已读回执   notification 通知   mute 静音   do not disturb 勿扰   active 在线   away 离开   offline 离线
 *   join 加入   leave (a room) 退出   leave (the workspace) 离开   sign in 登录   sign out 退出登录   invitation 邀请   archive 归档   restore 恢复
 *   remove 删除   discard 放弃   revoke 撤销   rotate 轮换   deactivate 停用   ban 封禁   erase 抹除   hand over 移交
 *   API key API 密钥   secret 签名密钥   token 令牌   delivery 投递   undelivered 未送达   audit log 审计日志   operator 运维
 *
 * The reader is 你. Between Chinese and Latin letters, digits or a name stands a space; punctuation is Chinese, quotes are “ ”.
 */
import type { Chinese } from "./catalogues.ts";
import { bell } from "./zh/bell.ts";
import { command } from "./zh/command.ts";
import { details } from "./zh/details.ts";
import { jump } from "./zh/jump.ts";
import { me } from "./zh/me.ts";
import { moves } from "./zh/moves.ts";
import { notification } from "./zh/notification.ts";
import { own } from "./zh/own.ts";
import { page } from "./zh/page.ts";
import { person } from "./zh/person.ts";
import { picker } from "./zh/picker.ts";
import { picture } from "./zh/picture.ts";
import { quiet } from "./zh/quiet.ts";
import { receipts } from "./zh/receipts.ts";
import { room } from "./zh/room.ts";
import { roomEdit } from "./zh/room-edit.ts";
import { rowExtras } from "./zh/row-extras.ts";
import { saved } from "./zh/saved.ts";
import { shortcut } from "./zh/shortcut.ts";
import { status } from "./zh/status.ts";
import { threadWords } from "./zh/thread-words.ts";
import { upload } from "./zh/upload.ts";
import { workspace } from "./zh/workspace.ts";
import { workspaceAbout } from "./zh/workspace-about.ts";
import { workspaceAudit } from "./zh/workspace-audit.ts";
import { workspaceInvites } from "./zh/workspace-invites.ts";
import { workspaceKeys } from "./zh/workspace-keys.ts";
import { workspaceMembers } from "./zh/workspace-members.ts";
import { workspaceNames } from "./zh/workspace-names.ts";
import { workspaceSettings } from "./zh/workspace-settings.ts";
import { workspaceWebhooks } from "./zh/workspace-webhooks.ts";

export const chinese: Chinese = {
  page,
  bell,
  command,
  details,
  jump,
  me,
  moves,
  notification,
  own,
  person,
  picker,
  picture,
  quiet,
  receipts,
  room,
  roomEdit,
  rowExtras,
  saved,
  shortcut,
  status,
  threadWords,
  upload,
  workspace,
  workspaceAbout,
  workspaceAudit,
  workspaceInvites,
  workspaceKeys,
  workspaceMembers,
  workspaceNames,
  workspaceSettings,
  workspaceWebhooks,
};
