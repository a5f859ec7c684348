/** The words of changing a room: what its pane, its people's menus and the list of channels say when they are opened. */
import { inLanguage } from "./language.ts";

export const roomEditStrings = inLanguage("roomEdit", {
  topic: "Topic",
  topic_hint: "What the channel is for.",
  who_posts: "Who posts",
  everyone: "Everybody in it",
  admins: "Only admins",
  admins_hint: "For announcements. Everybody reads and reacts.",
  close_question: (room: string) => `Make ${room} private? Nobody else will find it or join it; its people stay and go on reading.`,
  close_room: "Make private",
  open_question: (room: string) => `Make ${room} public? Everybody in the workspace can then join it and read all that was ever said in it.`,
  open_room: "Make public",
  archived_channels: (n: string) => `Archived channels (${n})`,
  archived_hint: "They can be read, and nobody writes to them until they are restored.",
  restore: "Restore",
  restored: (room: string) => `${room} is open again.`,
});
