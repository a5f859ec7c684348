/** The words of commands. They come with the first slash that somebody writes. */
import { inLanguage } from "./language.ts";
import { listed, several } from "./plurals.ts";

export const words = inLanguage("command", {
  name: "name",
  text: "text",
  invite: "Add people to this channel",
  topic: "Say what this channel is about",
  me: "Say what you do, in italics",
  leave: "Leave this room",
  mute: "Mute this room",
  dm: "Write to somebody directly",
  shrug: "Add a shrug to what you say",
  unknown: (command: string) => `There is no command /${command}. Begin with two slashes to send it as text.`,
  use: (usage: string) => `Use it so: ${usage}`,
  nobody: (name: string) => `Nobody here is called @${name}.`,
  channels_only: "This works in channels only.",
  stays: "A direct message cannot be left.",
  added: (names: readonly string[]) => several(names.length, `${listed(names)} is in this channel now.`, `${listed(names)} are in this channel now.`),
  topic_set: "The channel says so now.",
  muted: "This room is muted.",
} as const);
