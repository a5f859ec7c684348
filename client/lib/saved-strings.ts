/** The words of the page of saved messages, and of what is pinned in a room: parts that are fetched late. */
import { inLanguage } from "./language.ts";

export const savedStrings = inLanguage("saved", {
  intro: "Only you see this. It is the same on all your devices.",
  none: "Nothing saved yet. Open a message’s menu and choose “Save”.",
  said_in: (room: string) => `in ${room}`,
  list: "Saved messages",
  unsave: (name: string) => `Remove the message of ${name} from saved`,
  unsave_short: "Remove from saved",
  pinned: "Pinned",
  pinned_none: "Nothing is pinned here. Open a message’s menu and choose “Pin”.",
});
