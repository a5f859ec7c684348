/** The words of the screens of webhooks: the list, the log of one, and what was given up. */
import type { WebhookEvent } from "../../server/protocol/webhooks.ts";
import { inLanguage } from "./language.ts";
import { counted, several } from "./plurals.ts";

const english = {
  // the list
  intro: "A webhook is an address of yours that Snug tells what happens here, signed, and again until it answers.",
  docs: "How webhooks are signed and answered",
  list: "Webhooks",
  none: "No webhook yet. Add the address of a program that should hear of messages, rooms or members.",
  add: "Add a webhook",
  on: "On",
  off: "Switched off",
  off_gone: "Off: it answered that it is gone (410)",
  privates: "Private rooms too",
  closed: "circuit closed",
  closed_after: (n: number) => several(n, "circuit closed, the last attempt failed", `circuit closed, ${counted(n)} attempts failed in a row`),
  open: (n: number, when: string) =>
    several(n, `circuit open until ${when}, after 1 failure`, `circuit open until ${when}, after ${counted(n)} failures in a row`),
  test: "Test",
  test_of: (url: string) => `Test ${url}`,
  testing: "Sending a test…",
  test_slow: "The test waits: nothing is sent to this address right now. Its log will tell.",
  test_good: (status: number, ms: number) => `The test arrived: answered ${status} after ${counted(ms)} ms.`,
  test_bad: (why: string) => `The test failed: ${why}.`,
  log: "Log",
  log_of: (url: string) => `Log of ${url}`,
  more_of: (url: string) => `More for ${url}`,
  edit: "Edit",
  new_secret: "New secret",
  switch_off: "Switch off",
  switch_on: "Switch on",
  remove: "Delete",
  remove_question: (url: string) => `Delete the webhook to ${url}? What is still owed to it is given up and stays among the undelivered.`,
  rotate_question: (url: string) => `Make a new secret for ${url}? The old one works for a day.`,

  // its form
  edit_title: "Edit webhook",
  url: "Address",
  url_hint: "https://… that your program answers at. Private networks are refused unless whoever runs this server allows them.",
  bad_url: "This is no address that can be asked: https:// or http://, without a name or password in it.",
  description: "Description",
  events: "What it is told",
  event: {
    "message.created": "New message",
    "message.changed": "Edited or removed message",
    "message.offline": "Message for people who are away",
    "room.created": "New room",
    "member.joined": "Somebody joins a room",
    "member.left": "Somebody leaves a room",
    "notification.dead": "Notification that nobody acknowledged",
  } satisfies Record<WebhookEvent, string>,
  event_test: "Test",
  event_notification: "Notification",
  no_events: "Choose at least one.",
  include_private: "Private rooms and direct messages too",
  include_private_hint: "Without this it hears of public channels and nothing else. Only the owner gives it.",
  only_owner: "It hears of private rooms: only the owner may send that to another address.",
  too_many: "This workspace has as many webhooks as it may. Switch one off, or remove one, first.",
  save: "Save",

  // a secret
  secret_title: "The secret of your webhook",
  secret_once:
    "This is the only time it is shown; nothing but the last button closes this. Your program checks the signature of each request with it.",
  secret: "Secret",
  copy_secret: "Copy the secret",
  old_until: (when: string) => `The old one works for a day, until ${when}: both sign until then.`,

  // the log
  back: "All webhooks",
  log_intro: "Each event that was owed to this address, and each attempt at it. What it answered is not kept.",
  deliveries: "Deliveries",
  log_none: "Nothing has been owed to it yet. Send a test, or let something happen.",
  fresh: (n: number) => several(n, "Show 1 new", `Show ${counted(n)} new`),
  state: { pending: "Pending", delivered: "Delivered", dead: "Undelivered" },
  attempts: (n: number) => several(n, "1 attempt", `${counted(n)} attempts`),
  no_attempt: "no attempt yet",
  answered: (status: number) => `answered ${status}`,
  took: (ms: number) => `${counted(ms)} ms`,
  next_try: (when: string) => `next try ${when}`,
  next_now: "next try now",
  more_about: "Attempts",
  delivery_id: (id: string) => `webhook-id: ${id}`,
  subject_id: (id: string) => `about: ${id}`,
  room_id: (id: string) => `room: ${id}`,

  // what was given up
  lost_intro: "What Snug has given up: requests to webhooks, and notifications that nobody acknowledged. Mend the cause, then try again.",
  lost_docs: "What is tried, and when it is given up",
  lost_list: "Undelivered",
  lost_none: "Nothing is undelivered. What an address keeps refusing, or nobody acknowledges, comes here after its last attempt.",
  retry_all: "Try all again",
  retry_all_question: "Try everything that is undelivered again, also what is not on this page?",
  retried: (n: number) => several(n, "1 is being tried again.", `${counted(n)} are being tried again.`),
  to_webhook: (host: string) => `to ${host}`,
  to_removed: "to a webhook that is not there any more",
  to_person: (name: string) => `to ${name}`,
  retry: "Try again",
  retry_of: (what: string) => `Try again: ${what}`,
  discard_of: (what: string) => `Delete: ${what}`,
  discard_question: "Delete this for good? Nobody will be told of it any more.",
  lost: {
    trying: "Trying…",
    sent: "Sent again. It is done when they acknowledge it.",
    discarded: "Deleted.",
    removed: "Its webhook is gone. It cannot be delivered.",
    delivered: "Delivered.",
  },
  again: (why: string, when: string) => `Failed again: ${why}. Next try ${when}.`,
  dead: (why: string) => `Undelivered again: ${why}.`,
  show_all: "Show up to 1,000",
  now: "now",

  // why
  why: {
    timeout: "no answer within ten seconds",
    unresolved: "its name leads nowhere",
    private_address: "its address lies in a private network",
    unreachable: "it could not be reached",
    untrusted: "its certificate is not trusted",
    redirected: "it redirected, which is never followed",
    refused: "it refused",
    busy: "it was busy",
    gone: "it is gone",
    stopped: "Snug was being stopped",
    fault: "a fault of this server; its log tells more",
    disabled: "the webhook is switched off",
    expired: "it was tried for three days",
    private_room: "the room became private",
    absent: "what it was about is not there any more",
    not_acknowledged: "nobody acknowledged it",
  },
  why_status: (why: string, status: number) => `${why} (${status})`,
  why_unknown: "it is not known why",
} as const;

export const webhookStrings = inLanguage("workspaceWebhooks", english);
/** What a webhook can be told, in the order in which it is chosen. */
export const EVENTS = Object.keys(english.event) as (keyof typeof english.event)[]; // the keys of a constant

/** Why an attempt failed, in words. */
export function whyOf({ error, status }: { error?: string; status?: number }): string {
  const reasons: Record<string, string> = webhookStrings.why;
  const why = reasons[error ?? ""] ?? webhookStrings.why_unknown;
  return status === undefined ? why : webhookStrings.why_status(why, status);
}

/** What happened, in words. */
export function eventWords(event: string): string {
  const events: Record<string, string> = {
    ...webhookStrings.event,
    "webhook.test": webhookStrings.event_test,
    notification: webhookStrings.event_notification,
  };
  return events[event] ?? event;
}
