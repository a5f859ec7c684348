/** The table of emoji is a chunk of its own, fetched when somebody first has need of one, and so are their names in another language. */
import type { EmojiTable } from "./emoji-table.ts";
import { language } from "./language.ts";

export async function loadEmoji(): Promise<EmojiTable> {
  const [{ tableOf }, own] = await Promise.all([import("./emoji-table.ts"), language() === "zh" && import("./zh/emoji.ts")]);
  return tableOf(own);
}
