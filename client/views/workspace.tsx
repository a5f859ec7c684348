import "../styles/workspace.css";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { strings } from "../lib/strings.ts";
import { type Section, sections, workspaceNames } from "../lib/workspace-names.ts";
import type { App } from "../models/app.ts";
import { Icon, type Sign } from "./icon.tsx";
import { PageHead } from "./page-head.tsx";
import { About } from "./workspace-about.tsx";
import { Audit } from "./workspace-audit.tsx";
import { Keys } from "./workspace-keys.tsx";
import { Undelivered } from "./workspace-undelivered.tsx";
import { Webhooks } from "./workspace-webhooks.tsx";
import { Invites } from "./workspace-invites.tsx";
import { Members } from "./workspace-members.tsx";
import { Settings } from "./workspace-settings.tsx";

type Screen = (props: { app: App }) => JSX.Element;

/** What stands at /workspace/:screen. */
const screens: Record<Section, { sign: Sign; Screen: Screen }> = {
  members: { sign: "people", Screen: Members },
  invites: { sign: "invite", Screen: Invites },
  settings: { sign: "settings", Screen: Settings },
  keys: { sign: "key", Screen: Keys },
  webhooks: { sign: "leave", Screen: Webhooks },
  undelivered: { sign: "warning", Screen: Undelivered },
  audit: { sign: "clock", Screen: Audit },
  about: { sign: "info", Screen: About },
};
const isSection = (name: string): name is Section => name in screens;

/** On a phone the list of screens is a page of its own, at /workspace; elsewhere it leads to the first of them. */
export function Workspace({ app }: { app: App }) {
  const part = app.place.part.value;
  const section = isSection(part) ? part : part === "" ? sections[0] : undefined;
  const title = section === undefined ? strings.unavailable : workspaceNames.sections[section];
  const { Screen } = section === undefined ? { Screen: Nowhere } : screens[section];
  useEffect(() => {
    if (part === "" && !matchMedia("(width < 48em)").matches) app.place.goOn(`/workspace/${sections[0]}`);
  }, [part]);
  return (
    <section class="desk" aria-label={workspaceNames.manage} data-part={part}>
      <PageHead key={part} app={app} title={part === "" ? workspaceNames.manage : title} back={part === "" ? "/rooms" : "/workspace"} />
      <div class="desk__body">
        <nav class="desk__nav" aria-label={workspaceNames.manage}>
          {sections.map((name) => (
            <a
              key={name}
              class="desk__link"
              href={`/workspace/${name}`}
              aria-current={name === section ? "page" : undefined}
              onClick={(event) => {
                if (event.metaKey || event.ctrlKey || event.shiftKey) return;
                event.preventDefault();
                app.place.go(`/workspace/${name}`);
              }}
            >
              <Icon sign={screens[name].sign} />
              {workspaceNames.sections[name]}
            </a>
          ))}
        </nav>
        <div class="desk__scroll" key={title} role="region" aria-label={title} tabIndex={0}>
          <Screen app={app} />
        </div>
      </div>
    </section>
  );
}

const Nowhere: Screen = () => <p class="quiet">{strings.unavailable_hint}</p>;
