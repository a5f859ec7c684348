/** The words of the panel of notifications; fetched with it. */
import { inLanguage } from "./language.ts";

const english = {
  intro: "What the applications of this workspace have told you. Opening this panel tells them that you have it.",
  none: "Nothing yet. What an application of this workspace tells you comes here, also what it told you while you were away.",
  list: "Notifications",
  fresh: "New",
} as const;

export const notificationStrings = inLanguage("notification", english);
