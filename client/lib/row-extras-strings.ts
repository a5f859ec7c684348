/** The words under a message: its pin, its bookmark, who reacted how. A part that is fetched late. */
import { inLanguage } from "./language.ts";
import { counted, listed, several } from "./plurals.ts";

export const extrasStrings = inLanguage("rowExtras", {
  pinned: "Pinned",
  pinned_by: (name: string, when: string) => `Pinned by ${name}, ${when}`,
  saved: "Saved",
  add_reaction: "Add a reaction",
  react_with: (emoji: string) => `React with ${emoji}`,
  label: (emoji: string, n: number, names: readonly string[]) => `${emoji} ${counted(n)}: ${listed(names)}`,
  reacted: (names: readonly string[], emoji: string) => `${listed(names)} reacted with ${emoji}`,
  you: "You",
  others: (n: number) => several(n, "1 other", `${counted(n)} others`),
  was_saved: "Saved. You find it under “Saved messages”.",
  was_unsaved: "No longer saved.",
});
