/** The words of setting a status. */
import { inLanguage } from "./language.ts";

export const statusStrings = inLanguage("status", {
  emoji: "Emoji",
  choose: "Choose an emoji",
  no_emoji: "This is not one emoji.",
  text: "Your status",
  ends: "Clear it after",
  choices: { half_hour: "30 minutes", hour: "1 hour", today: "Today", week: "This week", stays: "Do not clear" },
  keep_end: (when: string) => `As it is: ${when}`,
  usual: "For example",
  usuals: { meeting: "In a meeting", commute: "Commuting", sick: "Out sick", away: "On holiday", home: "Working remotely", focus: "Focusing" },
  clear: "Clear status",
});
