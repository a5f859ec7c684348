import { useEffect } from "preact/hooks";
import { fullTimeOf, relativeOf } from "../lib/dates.ts";
import { notificationStrings } from "../lib/notification-strings.ts";
import type { App } from "../models/app.ts";
import { createPanel, wordsIn } from "../models/notification-panel.ts";
import { perApp } from "../models/per-app.ts";
import { Listing, Row, Tag } from "./workspace-parts.tsx";

const panelOf = perApp((api, app) => createPanel({ api, later: app.later, settled: app.notifications.settled }));

export function NotificationPanel({ app }: { app: App }) {
  const panel = panelOf(app);
  const waiting = app.notifications.waiting.value;
  useEffect(() => void app.attempt(panel.open), []);
  useEffect(() => void panel.take(waiting), [waiting]);
  return (
    <>
      <p class="quiet">{notificationStrings.intro}</p>
      <Listing pages={panel.pages} label={notificationStrings.list} none={notificationStrings.none}>
        {({ id, topic, payload, created_at, isNew }) => {
          const { title, text } = wordsIn(payload);
          return (
            <Row
              key={id}
              title={title ?? topic}
              tags={isNew && <Tag kind="good">{notificationStrings.fresh}</Tag>}
              facts={[
                title !== undefined && <bdi key="topic">{topic}</bdi>,
                <time key="at" dateTime={created_at} title={fullTimeOf(created_at)}>
                  {relativeOf(created_at, Date.now())}
                </time>,
              ]}
            >
              {text !== undefined && (
                <p class="bell__text" dir="auto">
                  {text}
                </p>
              )}
            </Row>
          );
        }}
      </Listing>
    </>
  );
}
