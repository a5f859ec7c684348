/** What is one's own. */
import type { Catalogues, Translated } from "../catalogues.ts";

export const own: Translated<Catalogues["own"]> = {
  title: "你的数据",
  export_hint: "你的个人资料、你的会话以及你写的所有内容，导出为一个文件，每行一条 JSON。",
  export: "下载我的数据",
  exporting: "正在下载…",
  export_broken: "下载中断，请重试。",
  leave_title: "离开此工作区",
  leave_hint: "你将在所有设备上退出登录，需由管理员重新启用账号才能回来。你写的内容会保留。",
  leave: "离开工作区",
  leave_question: (workspace) => `离开 ${workspace}？只有管理员才能让你重新进入。`,
  leave_wrong: "密码不正确。",
  leave_owner: "你是所有者。请先在“管理工作区”的“成员”中移交工作区。",
};
