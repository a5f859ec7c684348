import { useEffect } from "preact/hooks";
import { dateOf } from "../lib/dates.ts";
import { aboutStrings as words } from "../lib/workspace-about-strings.ts";
import type { App } from "../models/app.ts";
import { perApp } from "../models/per-app.ts";
import { createAbout } from "../models/workspace-about.ts";
import { Skeleton } from "./skeleton.tsx";
import { Intro, Tag } from "./workspace-parts.tsx";

const aboutOf = perApp(createAbout);

export function About({ app }: { app: App }) {
  const about = aboutOf(app);
  const build = about.build.value;
  const health = about.health.value;
  useEffect(() => void about.look(), []);
  if (!build) return <Skeleton of="list" />;
  const checks: Record<string, string> = words.checks;
  const isWell = health !== "silent" && health?.status === "ready";
  const state = health === "silent" ? words.silent : isWell ? words.ready : words.not_ready;
  return (
    <>
      <Intro words={words.intro} />
      <dl class="desk__facts-list">
        <dt>{words.version}</dt>
        <dd class="desk__id">{build.version ?? words.unknown}</dd>
        <dt>{words.commit}</dt>
        <dd class="desk__id">{build.commit ?? words.unknown}</dd>
        <dt>{words.built}</dt>
        <dd>{typeof build.built_at === "string" ? <time dateTime={build.built_at}>{dateOf(build.built_at)}</time> : words.unknown}</dd>
        <dt>{words.health}</dt>
        <dd>
          <p role="status">
            <Tag kind={isWell ? "good" : "bad"}>{state}</Tag>
          </p>
          {health !== "silent" && health !== null && (
            <ul>
              {Object.entries(health.checks).map(([name, works]) => (
                <li key={name}>{words.check(checks[name] ?? name, works ? words.works : words.fails)}</li>
              ))}
            </ul>
          )}
          <button class="button" type="button" onClick={() => void about.look()}>
            {words.look_again}
          </button>
        </dd>
        <dt>{words.documents}</dt>
        <dd>
          <a href="/openapi" target="_blank" rel="noopener">
            {words.api}
          </a>
          <p class="quiet">{words.api_hint}</p>
        </dd>
        <dt>{words.source}</dt>
        <dd>{words.licence}</dd>
      </dl>
    </>
  );
}
