/** The words of quiet: pausing notifications, the hours in which they rest, and the sound they make. */
import { inLanguage } from "./language.ts";

export const quietStrings = inLanguage("quiet", {
  title: "Do not disturb",
  hint: "No notification and no sound meanwhile, on any of your devices. Others do not see it.",
  for_half_hour: "Pause for 30 minutes",
  for_hour: "Pause for 1 hour",
  until_tomorrow: "Pause until tomorrow",
  paused_until: (when: string) => `Paused until ${when}.`,
  in_hours: "These are your quiet hours.",
  hours: "Quiet hours",
  hours_hint: "Every week, on the days on which they begin.",
  from: "From",
  to: "To",
  days: "Days",
  sound: "Play a sound with each notification",
  sound_hint: "Never for a muted room, and never while you do not want to be disturbed.",
  hear_it: "Play it",
  more: "Quiet hours in Settings",
});
