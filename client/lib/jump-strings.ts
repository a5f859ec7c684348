/** The words for going to a day. They come with the dialog in which it is chosen. */
import { inLanguage } from "./language.ts";

export const words = inLanguage("jump", {
  title: "Go to a day",
  day: "Day",
  go: "Go",
  others: "Or to",
  today: "Today",
  week: "A week ago",
  month: "A month ago",
  beginning: "The beginning",
} as const);
