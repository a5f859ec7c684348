/** The words of a person that the page has from the start: their status, and whether notifications rest. What opens by a click has its own. */
import { inLanguage } from "./language.ts";

export const personStrings = inLanguage("person", {
  set_status: "Set a status",
  status_until: (when: string) => `Until ${when}`,
  pause: "Pause notifications",
  resume: "Notify me again",
  paused: "Notifications are paused",
});
