/** What the screens at /workspace/… are called: known before they are fetched, so that one can jump to them. */
import { inLanguage } from "./language.ts";

const english = {
  manage: "Manage workspace",
  sections: {
    members: "Members",
    invites: "Invitations",
    settings: "Workspace settings",
    keys: "API keys",
    webhooks: "Webhooks",
    undelivered: "Undelivered",
    audit: "Audit log",
    about: "About",
  },
} as const;

export const workspaceNames = inLanguage("workspaceNames", english);
/** In the order in which they are listed. */
export type Section = keyof typeof english.sections;
export const sections = Object.keys(english.sections) as Section[]; // the keys of a constant
