/** One picture: of oneself, or of the workspace. */
import type { Catalogues, Translated } from "../catalogues.ts";

export const picture: Translated<Catalogues["picture"]> = {
  mine: "你的头像",
  logo: "徽标",
  choose: "上传图片",
  another: "更换图片",
  remove: "移除",
  cancel: "取消",
  face_hint: "支持 JPEG、PNG、GIF 或 WebP。图片会裁剪为正方形，这里的所有人都能看到。",
  logo_hint: "支持 JPEG、PNG、GIF 或 WebP。显示在名称旁，登录页面也会显示。",
  uploading: "上传中",
  saved: "图片已保存",
  removed: "图片已移除",
  no_picture: "无法作为图片打开。",
  empty: "这是空文件或文件夹。",
  too_large: (most) => `超过了图片 ${most} 的大小上限。`,
  failed: (reason) => `未能上传：${reason}`,
};
