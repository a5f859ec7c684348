/** The words of the page of the workspace's settings. */
import { inLanguage } from "./language.ts";
import { counted } from "./plurals.ts";

const english = {
  intro: "What holds for everybody here. It has its effect within a second.",
  identity: "Name, logo and accent",
  name: "Name of the workspace",
  accent: "Accent",
  accent_usual: "Snug's own",
  accent_hue: "Hue of the accent",
  hues: { usual: "Lagoon", blue: "Blue", violet: "Violet", rose: "Rose", brick: "Brick", moss: "Moss" },
  joining: "Joining",
  registration: "Who can create an account",
  registrations: { open: "Anybody who finds the page", invite: "Only who has an invitation", closed: "Nobody" },
  directory: "Everybody finds everybody",
  directory_hint: "Off: people find only those with whom they share a room. Admins still see everybody.",
  receipts: "Read receipts",
  receipts_hint: "People see how far others have read, in rooms of up to 200.",
  keeping: "Keeping messages",
  limits: "Limits",
  limits_hint: "Empty is what is usual. You may lower what the operator allows, not raise it.",
  hooks: "Webhooks",
  origins: "Other pages",
  fields: {
    retention_days: "Days until a message is deleted",
    "limits.content_points": "Characters in a message",
    "limits.content_bytes": "Bytes in a message",
    "limits.meta_bytes": "Bytes of data beside a message",
    "limits.file_bytes": "Bytes in a file",
    requests_per_second: "Requests a second, for each person",
    sends_per_second: "Messages a second, for each person",
    webhook_attempts: "Attempts before a delivery is given up",
    webhook_first_retry_ms: "Milliseconds before the first retry",
    webhook_longest_retry_ms: "Milliseconds between retries, at most",
  },
  range: (least: number, most: number, usual: number) => `${counted(least)} to ${counted(most)}. Usually ${counted(usual)}.`,
  range_unbounded: (least: number, most: number) => `${counted(least)} to ${counted(most)}. Empty keeps everything.`,
  out_of_range: (least: number, most: number) => `A whole number from ${counted(least)} to ${counted(most)}, or nothing.`,
  retry_order: "The first retry cannot wait longer than the longest.",
  retention_question: (days: number) =>
    `Delete what is older than ${counted(days)} days? Within the hour, every older message of every room is gone for good.`,
  retention_deed: "Delete older messages",
  origins_label: "Addresses that may call the API from a browser",
  origins_hint: "One a line, as a browser writes them: https://app.example.com",
  origins_wrong: "One of these is no address as a browser writes it: scheme and host, without a path.",
  save: "Save",
  saved: "Saved",
  bad_name: "1 to 80 characters.",
};

export const settingsStrings = inLanguage("workspaceSettings", english);
