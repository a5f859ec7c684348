/** Notifications of this browser: only what the room's level asks for, never for the room that is being read. */
import { action, createModel, signal } from "@preact/signals";
import { keep, kept } from "../lib/kept.ts";
import { askPermission, permission, type Permission, showNotice } from "../lib/notices.ts";
import type { News } from "./news.ts";

const KEY = "notify";

export type NotifyParts = {
  /** Whether the reader has this room before their eyes. */
  isReading(room_id: string): boolean;
  myId(): string;
  titleOf(news: News): string;
  textOf(news: News): string;
  open(news: News): void;
  /** Whether nothing is to disturb now. */
  isQuiet(): boolean;
  /** Plays a sound, where one is wanted. */
  sound(news: News): void;
};

export const NotifyModel = createModel((parts: NotifyParts) => {
  const allowed = signal<Permission>(permission());
  const is_on = signal(kept(KEY) === "on");
  const put = action((to: boolean, may: Permission) => {
    allowed.value = may;
    is_on.value = to && may === "granted";
    keep(KEY, is_on.value ? "on" : "off");
  });

  const isFor = ({ room, message }: News): boolean =>
    room.me.level === "all" || (room.me.level === "mentions" && message.mentions.includes(parts.myId()));

  return {
    allowed,
    is_on,
    /** By a click alone: a browser asks once, and remembers a no. */
    switchOn: async (): Promise<void> => put(true, await askPermission()),
    switchOff: (): void => put(false, permission()),
    test: (title: string, body: string): void => showNotice({ title, body, tag: "test", run: () => {} }),
    hear(news: News): void {
      if (!isFor(news) || parts.isReading(news.room.id) || parts.isQuiet()) return;
      parts.sound(news);
      if (!is_on.peek()) return;
      showNotice({ title: parts.titleOf(news), body: parts.textOf(news), tag: news.room.id, run: () => parts.open(news) });
    },
  };
});
