/** The words of rooms that the page has from the start; those of what opens by a click are in room-edit-strings.ts. */
import { inLanguage } from "./language.ts";

export const roomStrings = inLanguage("room", {
  only_admins: "Only admins post here.",
  edit: "Edit channel",
  announcements: "Only admins post",
  hand_over: "Make owner",
  hand_over_question: (name: string, room: string) => `Make ${name} the owner of ${room}? You stay an admin, and only they can give it back.`,
});
