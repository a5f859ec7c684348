/** The words for what is one's own: taken along, or left behind. */
import { inLanguage } from "./language.ts";

const english = {
  title: "Your data",
  export_hint: "Your profile, your rooms and everything you wrote, as one file with a line of JSON for each.",
  export: "Download my data",
  exporting: "Downloading…",
  export_broken: "The download broke off. Try again.",
  leave_title: "Leave this workspace",
  leave_hint: "You are signed out everywhere and cannot come in until an admin lets you in again. What you wrote stays.",
  leave: "Leave workspace",
  leave_question: (workspace: string) => `Leave ${workspace}? Only an admin can let you in again.`,
  leave_wrong: "That is not your password.",
  leave_owner: "You are the owner. Hand the workspace over first: Manage workspace, Members.",
} as const;

export const ownStrings = inLanguage("own", english);
