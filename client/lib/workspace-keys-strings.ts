/** The words of the screen of API keys, and of a secret that is shown once. */
import { inLanguage } from "./language.ts";

const english = {
  intro:
    "With a key a program of yours speaks to Snug: it acts for your users, or runs the workspace. Keep it on your server; a browser that sends one is refused.",
  docs: "How to use the API",
  list: "API keys",
  none: "No key yet. Make one, and the next thing you see is a command that works with it.",
  none_in_use: "No key is in use.",
  make: "Make a key",
  which: "Which keys",
  in_use: "In use",
  all: "Ended ones too",

  name: "Name",
  name_hint: "What it is for: your shop, a script. It stands in the audit log.",
  scope: "What it may do",
  scopes: { server: "Acts for users", admin: "Runs the workspace", read: "Only reads" },
  scope_hints: {
    server: "Sends and reads as the users it names, as a member of the workspace",
    admin: "The same, and also what an admin may do",
    read: "Reads as the users it names, and changes nothing",
  },
  impersonate: "Also for people who have a password",
  impersonate_hint: "Without this it acts only for users that keys brought into being. The audit log says when it does.",
  expires: "Ends",
  ends_in: {
    never: "Not before it is revoked",
    "7": "After 7 days",
    "30": "After 30 days",
    "90": "After 90 days",
    "365": "After a year",
  },

  prefix: (prefix: string) => `begins with ${prefix}`,
  made_by: (when: string, name: string) => `made ${when} by ${name}`,
  made: (when: string) => `made ${when}`,
  used: (when: string) => `last used ${when}`,
  unused: "never used",
  ends: (when: string) => `ends ${when}`,
  endless: "no end date",
  impersonates: "For people too",
  revoked: "Revoked",
  expired: "Ended",

  rotate: "Rotate",
  rotate_of: (name: string) => `Rotate ${name}`,
  rotate_words: "You get a new secret with the same rights. Choose how long the old one still works, so that you can change your program in between.",
  old_holds: "The old key",
  holds: {
    "0": "stops now",
    "3600": "works for an hour more",
    "86400": "works for a day more",
    "604800": "works for 7 days more",
    "2592000": "works for 30 days more",
  },
  revoke: "Revoke",
  revoke_of: (name: string) => `Revoke ${name}`,
  revoke_question: (name: string) =>
    `Revoke ${name}? It stops within two seconds, with every connection it opened, every token it gave and every key it made. This cannot be undone.`,
  too_many: "This workspace has 1,000 keys that have not been revoked. Revoke one first.",
  not_yours: "Your own rights end before that.",

  shown_title: (name: string) => `${name}: your new key`,
  shown_once: "This is the only time the whole key is shown. Store it where your server keeps its secrets; nothing but the last button closes this.",
  key: "Key",
  old_until: (when: string) => `The old key works until ${when}.`,
  old_over: "The old key has stopped working.",
  try_it: "Try it in a terminal",
  act_for: "For which user",
  act_for_hint: "The id that your own database has for them. A user of that id comes into being with the first request.",
  act_for_read: "A key that only reads cannot bring a user into being: name one that another key has brought.",
  act_for_bad: "1 to 128 letters, digits and . _ : @ -, beginning with a letter or digit.",
  command: "Command",
  copy_key: "Copy the key",
  copy_command: "Copy the command",
  stored: "I have stored it",
} as const;

export const keysStrings = inLanguage("workspaceKeys", english);
