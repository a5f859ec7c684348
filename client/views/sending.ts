/** What happens between Enter and the outbox to a text that is no plain message: one for the whole room is asked about, a command is run. */
import { strings } from "../lib/strings.ts";
import { endsCut, wordsIn } from "../lib/words.ts";
import type { App } from "../models/app.ts";
import { confirmed } from "./confirm.tsx";
import { roomTitle } from "./names.ts";

const HANDFUL = 5; // others, whom one may call without being asked

/** `text` is what goes, null for nothing: then it is done. `trouble` is why what was written stays. */
export type Sending = { text: string | null } | { trouble: string };

export const isCommand = (content: string): boolean => content.startsWith("/");

/** As the server finds it (server/chat/mentions.ts). */
export const isForAll = (content: string): boolean =>
  wordsIn(content).some(({ kind, text }) => kind === "mention" && endsCut(text).toLowerCase() === "@room");

export async function toSend(app: App, room_id: string, content: string): Promise<Sending> {
  const room = app.rooms.rooms.peek().get(room_id);
  if (!room) return { trouble: "" };
  let text = content;
  if (isCommand(content)) {
    const part = await import("../models/commands.ts").catch(() => null);
    if (!part) return { trouble: strings.part_failed };
    const outcome = await part.runCommand({ app, room, confirmed, titleOf: (of) => roomTitle(app, of) }, content);
    if (!("send" in outcome)) return "done" in outcome ? { text: null } : outcome;
    text = outcome.send;
  }
  const others = room.member_count - 1;
  const isAsked = isForAll(text) && others > HANDFUL;
  return !isAsked || (await confirmed(strings.notify_question(others), strings.notify, "main")) ? { text } : { trouble: "" };
}
