import { useEffect } from "preact/hooks";
import { fullTimeOf, relativeOf } from "../lib/dates.ts";
import { auditStrings } from "../lib/workspace-audit-strings.ts";
import type { App } from "../models/app.ts";
import { createAudit } from "../models/audit.ts";
import { perApp } from "../models/per-app.ts";
import { nameOf } from "./names.ts";
import { Intro, Listing, Row } from "./workspace-parts.tsx";

const auditOf = perApp(createAudit);

export function Audit({ app }: { app: App }) {
  const audit = auditOf(app);
  const entries = audit.items.value;
  useEffect(() => void audit.find({}), []);
  useEffect(() => app.people.find(entries?.flatMap(({ actor_id }) => (isPerson(actor_id) ? actor_id : [])) ?? []), [entries]);
  return (
    <>
      <Intro words={auditStrings.intro} />
      <Listing pages={audit} label={auditStrings.list} none={auditStrings.none}>
        {({ id, at, actor_id, action }) => (
          <Row
            key={id}
            title={auditStrings.actions[action] ?? auditStrings.other(action)}
            facts={[
              <bdi key="actor">{actorName(app, actor_id)}</bdi>,
              <time key="at" dateTime={at} title={fullTimeOf(at)}>
                {relativeOf(at, Date.now())}
              </time>,
            ]}
          />
        )}
      </Listing>
    </>
  );
}

const isPerson = (actor_id: string | null): actor_id is string => actor_id !== null && !actor_id.startsWith("key/");

function actorName(app: App, actor_id: string | null): string {
  if (actor_id === null) return auditStrings.nobody;
  return isPerson(actor_id) ? nameOf(app, actor_id) : auditStrings.key;
}
