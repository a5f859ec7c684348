/** The words that the screens at /workspace/… share; fetched with them. Each screen has a catalogue of its own beside this. */
import { inLanguage } from "./language.ts";

const english = {
  more: "Show more",
} as const;

export const workspaceStrings = inLanguage("workspace", english);
