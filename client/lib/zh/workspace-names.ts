/** What the screens of the workspace are called. */
import type { Catalogues, Translated } from "../catalogues.ts";

export const workspaceNames: Translated<Catalogues["workspaceNames"]> = {
  manage: "管理工作区",
  sections: {
    members: "成员",
    invites: "邀请",
    settings: "工作区设置",
    keys: "API 密钥",
    webhooks: "Webhook",
    undelivered: "未送达",
    audit: "审计日志",
    about: "关于",
  },
};
