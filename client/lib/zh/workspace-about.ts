/** About this server. */
import type { Catalogues, Translated } from "../catalogues.ts";

export const workspaceAbout: Translated<Catalogues["workspaceAbout"]> = {
  intro: "此服务器上运行的程序。",
  version: "版本",
  commit: "构建自",
  built: "构建时间",
  unknown: "未知",
  health: "运行状况",
  ready: "一切正常",
  not_ready: "有部分功能异常",
  silent: "服务器没有响应",
  checks: { database: "数据库", accepting: "接受新连接" },
  check: (what, how) => `${what}：${how}`,
  works: "正常",
  fails: "异常",
  look_again: "重新检查",
  documents: "开发者文档",
  api: "此服务器的 API",
  api_hint: "所有接口，以及各自的参数和返回值。",
  source: "许可证",
  licence: "Snug 是以 MIT 许可证发布的自由软件。",
};
