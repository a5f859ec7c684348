/** The panel of notifications. */
import type { Catalogues, Translated } from "../catalogues.ts";

export const notification: Translated<Catalogues["notification"]> = {
  intro: "这里是此工作区的应用发给你的通知。打开此面板后，应用会得知你已收到。",
  none: "暂无通知。此工作区的应用发给你的通知会出现在这里，包括你不在时收到的。",
  list: "通知",
  fresh: "新",
};
