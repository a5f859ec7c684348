/** The words of rooms that the page has from the start; those of what opens by a click are in room-edit-strings.ts. */
import { inLanguage } from "./language.ts";

export const roomStrings = inLanguage({
  only_admins: "Only admins post here.",
});
