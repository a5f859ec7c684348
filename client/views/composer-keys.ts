/** What a key does while somebody writes, the innermost first: the list of names, the formatting, the reply, the room; else it types. */
import type { App } from "../models/app.ts";
import { enclose, markOf } from "./formatting.ts";
import { reply } from "./row-acts.ts";
import { type FieldKey, submits } from "./writing.ts";

export type Writing = { app: App; room_id: string; send(): void; take(at: number): void };

/** Whether the key was ours. While an input method composes, none is. */
export function actOn(event: FieldKey, writing: Writing): boolean {
  if (event.isComposing || event.keyCode === 229) return false;
  return actOnList(event, writing) || format(event) || actOnRoom(event, writing) || sends(event, writing);
}

function actOnList({ key, shiftKey }: FieldKey, { app, take }: Writing): boolean {
  const { suggestions, chosen, move, dismiss } = app.completion;
  if (suggestions.peek().length === 0 || shiftKey) return false;
  if (key === "ArrowDown" || key === "ArrowUp") move(key === "ArrowDown" ? 1 : -1);
  else if (key === "Enter" || key === "Tab") take(chosen.peek());
  else if (key === "Escape") dismiss();
  else return false;
  return true;
}

function format(event: FieldKey): boolean {
  const mark = markOf(event);
  if (mark === undefined) return false;
  enclose(event.currentTarget, mark);
  return true;
}

function actOnRoom(event: FieldKey, { app, room_id }: Writing): boolean {
  const { key, shiftKey, currentTarget } = event;
  const isMod = event.ctrlKey || event.metaKey;
  const timeline = app.timeline.peek();
  if (key === "Escape") {
    if (shiftKey || !app.acts.replying.peek().has(room_id)) return false; // the page's
    app.acts.dropReply(room_id);
    return true;
  }
  if (currentTarget.value !== "" || !timeline || event.altKey) return false;
  if (isMod && key === "Home") void timeline.visit(app.room.peek()?.first_seq ?? 1);
  else if (isMod && key === "End") void timeline.newest();
  else if (isMod || key !== "ArrowUp") return false;
  else if (shiftKey) replyToNewest(app);
  else return editLastOwn(app);
  return true;
}

function replyToNewest(app: App): void {
  const newest = app.timeline
    .peek()
    ?.stored.peek()
    .findLast(({ removed_at }) => removed_at === undefined);
  if (newest) reply(app, newest);
}

function editLastOwn(app: App): boolean {
  const me = app.account.me.peek()?.id;
  const own = app.timeline
    .peek()
    ?.stored.peek()
    .findLast(({ sender_id, removed_at }) => sender_id === me && removed_at === undefined);
  if (own) app.acts.beginEdit(own.id);
  return own !== undefined;
}

function sends(event: FieldKey, { app, send }: Writing): boolean {
  const isSending = submits(event, app.account.me.peek()?.settings["enter_sends"] !== false);
  if (isSending) send();
  return isSending;
}
