/** The words of the bell: they are there before its panel is fetched. */
import { inLanguage } from "./language.ts";
import { counted, several } from "./plurals.ts";

const english = {
  notifications: "Notifications",
  bell: (n: number) => several(n, "Notifications: 1 new", `Notifications: ${counted(n)} new`),
} as const;

export const bellStrings = inLanguage("bell", english);
