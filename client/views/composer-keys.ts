/** What a key does while somebody writes, the innermost first: the list of names, then what the table of lib/shortcuts says; else it types. */
import { deedOf, isComposed, type Place } from "../lib/shortcuts.ts";
import type { App } from "../models/app.ts";
import type { Completion } from "../models/completion.ts";
import { format } from "./formatting.ts";
import { keyboardOf } from "./keyboard.ts";
import { beginning, reply } from "./row-acts.ts";
import { breaksLine, type FieldKey } from "./writing.ts";

export type Writing = { app: App; room_id: string; completion: Completion; inThread: boolean; send(): void; take(at: number): void };

/** Whether the key was ours. While an input method composes, none is. */
export function actOn(event: FieldKey, writing: Writing): boolean {
  if (isComposed(event)) return false;
  return actOnList(event, writing) || actOnField(event, writing);
}

export function actOnList({ key, shiftKey, ctrlKey, metaKey }: FieldKey, { completion, take }: Pick<Writing, "completion" | "take">): boolean {
  const { suggestions, chosen, move, dismiss } = completion;
  if (suggestions.peek().length === 0 || shiftKey || ctrlKey || metaKey) return false;
  if (key === "ArrowDown" || key === "ArrowUp") move(key === "ArrowDown" ? 1 : -1);
  else if (key === "Enter" || key === "Tab") take(chosen.peek());
  else if (key === "Escape") dismiss();
  else return false;
  return true;
}

function actOnField(event: FieldKey, { app, room_id, inThread, send }: Writing): boolean {
  const isEmpty = event.currentTarget.value === "";
  const places: Place[] = isEmpty ? ["empty_composer", "composer", "anywhere"] : ["composer", "anywhere"];
  const deed = deedOf(event, places, keyboardOf(app));
  if (deed === "bold" || deed === "italic" || deed === "code" || deed === "strike") return format(event.currentTarget, deed);
  if (deed === "attach") return done(() => event.currentTarget.form?.querySelector<HTMLElement>("[type=file]")?.click());
  if (deed === "send") return !breaksLine(event) && done(send);
  if (deed === "scroll") return scrollMessages(event);
  if (deed === "edit_last") return editLastOwn(app, room_id, inThread);
  if (inThread) return false;
  if (deed === "escape") return app.acts.replying.peek().has(room_id) && done(() => app.acts.dropReply(room_id));
  if (deed === "reply_last") return replyToNewest(app);
  if (deed === "oldest") return done(() => void beginning(app));
  if (deed === "newest") return done(() => void app.timeline.peek()?.newest());
  return false; // the page's, or it types
}

function done(run: () => void): true {
  run();
  return true;
}

/** By a screen, but for a line or two that show where one was; of the thread, where that is what is written in. */
function scrollMessages({ key, currentTarget }: FieldKey): true {
  const list = currentTarget.closest("#thread, .room")?.querySelector(".messages__scroll");
  list?.scrollBy({ top: list.clientHeight * (key === "PageUp" ? -0.85 : 0.85) });
  return true;
}

function replyToNewest(app: App): boolean {
  const stored = app.timeline.peek()?.stored.peek();
  const newest = stored?.findLast(({ removed_at }) => removed_at === undefined);
  return newest !== undefined && done(() => reply(app, newest));
}

/** What is still on its way is one's last message, and cannot be edited yet: the one before it is not what is meant. */
function editLastOwn(app: App, room_id: string, inThread: boolean): boolean {
  if (app.outbox.pending.peek().some((entry) => entry.room_id === room_id)) return false;
  const me = app.account.me.peek()?.id;
  const stored = inThread ? app.threads.replies() : app.timeline.peek()?.stored.peek();
  const own = stored?.findLast(({ sender_id, removed_at }) => sender_id === me && removed_at === undefined);
  return own !== undefined && done(() => app.acts.beginEdit(own.id));
}
