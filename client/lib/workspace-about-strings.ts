/** The words of the page about this server. */
import { inLanguage } from "./language.ts";

const english = {
  intro: "What runs here.",
  version: "Version",
  commit: "Built from",
  built: "Built",
  unknown: "unknown",
  health: "Health",
  ready: "Everything works",
  not_ready: "Something does not work",
  silent: "The server does not answer",
  checks: { database: "Database", accepting: "Takes new connections" },
  check: (what: string, how: string) => `${what}: ${how}`,
  works: "works",
  fails: "does not work",
  look_again: "Look again",
  documents: "For developers",
  api: "The API of this server",
  api_hint: "Every route, with what it takes and answers.",
  source: "Licence",
  licence: "Snug is free software under the MIT licence.",
};

export const aboutStrings = inLanguage("workspaceAbout", english);
