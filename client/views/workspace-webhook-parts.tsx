/** What the list of webhooks, their logs and the undelivered share. */
import "../styles/tone.css";
import "../styles/workspace-log.css";
import type { ComponentChildren } from "preact";
import type { App } from "../models/app.ts";
import { perApp } from "../models/per-app.ts";
import { createWebhooks } from "../models/workspace-webhooks.ts";

export const webhooksOf = perApp((api, app) => createWebhooks(api, app.later));

/** What became of what somebody asked for, in its place; heard when it changes. */
export function Outcome({ kind, words }: { kind?: "good" | "bad" | "warn"; words: string }) {
  return (
    <p class="outcome tone" role="status" tabIndex={-1} data-kind={kind}>
      {words}
    </p>
  );
}

export const logPath = (webhook_id: string): string => `/workspace/webhooks/${webhook_id}`;

/** A link to another screen of the page that looks like a button. */
export function Way({ app, to, label, children }: { app: App; to: string; label?: string; children: ComponentChildren }) {
  const go = (event: MouseEvent): void => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    app.place.go(to);
  };
  return (
    <a class="button" href={to} aria-label={label} onClick={go}>
      {children}
    </a>
  );
}

/** What a screen is for, and where the API says the rest. */
export function Docs({ words, link }: { words: string; link: string }) {
  return (
    <>
      {words}{" "}
      <a class="link" href="/openapi" target="_blank" rel="noopener">
        {link}
      </a>
    </>
  );
}
