/** What this reader may do with a message, in the order of its menu. What they may not do is absent. */
import type { Message } from "../../server/protocol.ts";
import { strings } from "../lib/strings.ts";
import type { App } from "../models/app.ts";
import { copy } from "./copy.ts";
import { openDialog } from "./dialog.tsx";
import { mayPostIn } from "./names.ts";
import { late } from "./row-late.tsx";
import { focusComposer } from "./writing.ts";

/** Named as its deed in lib/shortcuts, which says its key; copying the text has none. */
export type RowAct = {
  name: "reply" | "thread" | "react" | "mark_unread" | "save" | "pin" | "copy_text" | "copy_link" | "edit" | "remove";
  label: string;
  run(): void;
};

export function actsFor(app: App, message: Message): RowAct[] {
  const room = app.rooms.rooms.value.get(message.room_id);
  const me = app.account.me.value;
  if (!room || message.removed_at !== undefined) return [];
  const isOpen = room.archived_at === undefined;
  const isSaved = app.acts.saved.value.has(message.id);
  const isMine = message.sender_id === me?.id;
  const mayRun = room.me.role !== "member" || (me?.role ?? "member") !== "member";
  const acts: (RowAct | false)[] = [
    mayPostIn(app, room) && { name: "reply", label: strings.reply, run: () => reply(app, message) },
    { name: "thread", label: strings.thread_open, run: () => showThread(app, message) },
    isOpen && { name: "react", label: strings.react, run: () => late(app, (it) => it.pick(app, message)) },
    { name: "mark_unread", label: strings.mark_unread, run: () => void app.attempt(() => app.markUnread(message)) },
    { name: "save", label: isSaved ? strings.unsave : strings.save_message, run: () => late(app, (it) => it.save(app, message)) },
    isOpen &&
      mayPostIn(app, room) && {
        name: "pin",
        label: message.pinned_at === undefined ? strings.pin : strings.unpin,
        run: () => late(app, (it) => it.pin(app, message)),
      },
    message.content !== "" && { name: "copy_text", label: strings.copy_text, run: () => void copy(app, message.content, strings.text_copied) },
    { name: "copy_link", label: strings.copy_link, run: () => void copy(app, linkTo(message), strings.link_copied) },
    isOpen && isMine && { name: "edit", label: strings.edit, run: () => app.acts.beginEdit(message.id) },
    (isMine || mayRun) && { name: "remove", label: strings.remove, run: () => askRemove(app, message) },
  ];
  return acts.filter((act) => act !== false);
}

export const linkTo = ({ room_id, seq }: Message): string => `${location.origin}/r/${room_id}/${seq}`;

export function reply(app: App, message: Message): void {
  if (document.activeElement?.closest("#thread")) return focusComposer(true);
  app.acts.reply(message);
  focusComposer();
}

export const showThread = (app: App, message: Message): void => app.threads.show(message, app.timeline.peek()?.stored.peek() ?? []);

/** Removing asks once, and shows what goes. */
export function askRemove(app: App, message: Message): void {
  app.acts.askRemove(message);
  openDialog("remove");
}

/** Leads to the room's first message. */
export const beginning = async (app: App): Promise<void> => app.timeline.peek()?.oldest(app.room.peek()?.first_seq ?? 1);

/** Esc ends "New" and reads the room. */
export function endNew(app: App): void {
  const room = app.room.peek();
  app.timeline.peek()?.endNew();
  if (room) app.seen(room.id, room.last_seq, true);
}
