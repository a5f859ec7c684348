/** Files. */
import type { Catalogues, Translated } from "../catalogues.ts";

export const upload: Translated<Catalogues["upload"]> = {
  files_to_send: (n) => `${n} 个待发送的文件`,
  too_large: (name, most) => `“${name}”超过了 ${most} 的大小上限。`,
  empty: (name) => `“${name}”是空文件或文件夹。`,
  too_many: (most) => `一条消息最多添加 ${most} 个文件。`,
  not_up: "有文件未能上传，请重试或将其移除。",
  not_fetched: "暂时无法获取此文件。",
  take_out: (name) => `移除 ${name}`,
  retry: (name) => `重试 ${name}`,
  about: (parts) => parts.join(" · "),
  waiting: "等待中",
  uploaded: (percent) => `已上传 ${percent}`,
  failed: (reason) => `未能上传：${reason}`,
  sends_when_up: "文件上传完成后自动发送",
  open: (name) => `打开 ${name}`,
  download: (name) => `下载 ${name}`,
  position: (at, of) => `第 ${at} 张，共 ${of} 张`,
  before: "上一张图片",
  after: "下一张图片",
};
