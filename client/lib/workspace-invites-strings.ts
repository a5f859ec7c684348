/** The words of the page of invitations. */
import { inLanguage } from "./language.ts";
import { counted, several } from "./plurals.ts";

const english = {
  intro: "Who holds a link may join until it expires or is used up.",
  list: "Invitations",
  none: "Nobody has been invited yet.",
  make: "Make an invitation",
  role: "They join as",
  roles: { member: "Member", admin: "Admin" },
  expiry: "Expires after",
  days: (n: number) => several(n, "1 day", `${n} days`),
  uses: "May be used",
  times: (n: number) => several(n, "once", `${counted(n)} times`),
  used: (n: number, m: number) => several(m, `${counted(n)} of 1 used`, `${counted(n)} of ${counted(m)} used`),
  made: (when: string) => `Made ${when}`,
  until: (when: string) => `Expires on ${when}`,
  ended: (when: string) => `Expired on ${when}`,
  open: "Open",
  revoked: "Revoked",
  expired: "Expired",
  used_up: "Used up",
  revoke: "Revoke",
  revoke_of: (what: string) => `Revoke: ${what}`,
  revoke_question: "Revoke this invitation? Its link stops working at once. Who has joined by it stays.",
  link_title: "Your invitation",
  link_hint: "This link is shown once. Copy it now, or let somebody scan it.",
  link: "Invitation link",
  done: "Done",
  qr: "The link as a QR code",
  only_for: (role: string) => `For: ${role}`,
  all: "All invitations",
} as const;

export const invitesStrings = inLanguage("workspaceInvites", english);
