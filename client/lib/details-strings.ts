/** The words of the details of a room, with which they come. */
import { inLanguage } from "./language.ts";
import { counted, several } from "./plurals.ts";

export const detailsStrings = inLanguage("details", {
  description_none: "No description",
  level: "Notifications",
  leave_hint: "You can come back to a public channel at any time.",
  leave_private_hint: "Somebody must add you before you can come back.",
  archive_room: "Archive",
  archive_question: (room: string) => `Archive ${room}? It can be read, and nobody can write to it until it is restored.`,
  reopen_room: "Restore",
  made_on: (day: string) => `Made on ${day}`,
  members_here: (n: number) => several(n, "1 person", `${counted(n)} people`),
  more_people: (n: number) => several(n, "Show 1 more", `Show more of ${counted(n)} others`),
  put_out: "Remove from the room",
  put_out_question: (name: string) => `Remove ${name} from this room?`,
  make_admin: "Make admin",
  make_member: "Make member",
} as const);
