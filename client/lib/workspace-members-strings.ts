/** The words of the page of members. */
import { inLanguage } from "./language.ts";

const english = {
  intro: "Everybody of this workspace, also those with whom you share no room.",
  list: "Members",
  find: "Find a member",
  none: "Nobody answers to that.",
  role: "Role",
  state: "Status",
  every_role: "Every role",
  roles: { owner: "Owners", admin: "Admins", member: "Members" },
  every_state: "Every status",
  states: { active: "Active", disabled: "Deactivated" },
  you: "you",
  here: "Here now",
  away: "Away",
  never_seen: "Never here yet",
  since: (day: string) => `Since ${day}`,
  why: { deactivated: "Deactivated", banned: "Banned", erased: "Erased" },
  make_admin: "Make admin",
  make_member: "Make member",
  hand_over: "Hand over ownership…",
  no_picture: "Remove picture",
  deactivate: "Deactivate…",
  ban: "Ban…",
  let_in: "Let in again",
  erase: "Erase personal data…",
  deeds_of: (name: string) => `What did ${name} do?`,
  deactivate_question: (name: string) =>
    `Deactivate ${name}? They are signed out everywhere within two seconds and cannot come in. What they wrote stays, and API keys they made go on working. You can let them in again.`,
  deactivate_deed: "Deactivate",
  ban_question: (name: string) =>
    `Ban ${name}? They are signed out everywhere within two seconds and kept out, and the invitations they made stop working, as do their API keys; their webhooks are switched off. What they wrote stays.`,
  ban_deed: "Ban",
  hand_over_question: (name: string, workspace: string) =>
    `Hand ${workspace} over to ${name}? They become its owner, and you an admin. Only they can give it back.`,
  hand_over_deed: "Hand over",
  handed_over: (name: string) => `${name} is the owner now.`,
  hand_over_conflict: "They cannot sign in, so they cannot own the workspace.",
  erase_title: (name: string) => `Erase the personal data of ${name}`,
  erase_words:
    "Name, username, password, devices, settings, status, picture and saved messages go for good. They appear as “Former member”, and their reactions stay counted.",
  erase_messages: "What they wrote",
  erase_keep: "Stays, under “Former member”",
  erase_remove: "Is removed too, in every room",
  erase_go_on: "Go on",
  erase_question: (name: string) => `Erase ${name} for good? This cannot be taken back.`,
  erase_deed: "Erase",
  erase_finish: "Remove their messages",
  erasing: "Erasing… Keep this page open.",
  erased: "Erased.",
  last_owner: "This is the last owner. Hand the workspace over first.",
} as const;

export const membersStrings = inLanguage("workspaceMembers", english);
