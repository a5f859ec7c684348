/** The words of an open thread. They come with the view that shows it. */
import { inLanguage } from "./language.ts";
import { counted, several } from "./plurals.ts";

export const words = inLanguage("threadWords", {
  replies_region: "Replies",
  count: (n: number) => (n === 0 ? "No replies yet" : several(n, "1 reply", `${counted(n)} replies`)),
} as const);
