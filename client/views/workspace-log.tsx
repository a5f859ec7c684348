import { useEffect, useRef } from "preact/hooks";
import type { LoggedDelivery } from "../../server/protocol/deliveries.ts";
import { fullTimeOf, relativeOf } from "../lib/dates.ts";
import { momentOf } from "../lib/moments.ts";
import { eventWords, webhookStrings, whyOf } from "../lib/workspace-webhooks-strings.ts";
import type { App } from "../models/app.ts";
import { perApp } from "../models/per-app.ts";
import { createLogs } from "../models/workspace-log.ts";
import { Icon } from "./icon.tsx";
import { Intro, Listing, Row, Tag } from "./workspace-parts.tsx";
import { Way, webhooksOf } from "./workspace-webhook-parts.tsx";

const logsOf = perApp((api, app) => createLogs({ api, later: app.later, isVisible: () => !document.hidden }));

const TOP_PX = 48;

export function DeliveryLog({ app, webhook_id }: { app: App; webhook_id: string }) {
  const log = logsOf(app)(webhook_id);
  const webhooks = webhooksOf(app);
  const waiting = log.waiting.value.length;
  const url = webhooks.pages.items.value?.find(({ id }) => id === webhook_id)?.url;
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    void log.find();
    void webhooks.find();
    return log.watch(() => isAtTop(place.current));
  }, []);
  return (
    <div ref={place}>
      <Intro words={webhookStrings.log_intro}>
        <Way app={app} to="/workspace/webhooks">
          <Icon sign="back" />
          {webhookStrings.back}
        </Way>
        <button class="button" type="button" onClick={() => void app.attempt(async () => (await webhooks.test(webhook_id), log.refresh()))}>
          {webhookStrings.test}
        </button>
      </Intro>
      <div class="log__head">
        <h3 class="log__title">
          <bdi>{url}</bdi>
        </h3>
        <p role="status">
          {waiting > 0 && (
            <button class="button" type="button" onClick={() => void log.showNew()}>
              {webhookStrings.fresh(waiting)}
            </button>
          )}
        </p>
      </div>
      <Listing pages={log.pages} label={webhookStrings.deliveries} none={webhookStrings.log_none}>
        {(delivery) => <DeliveryRow key={delivery.id} of={delivery} />}
      </Listing>
    </div>
  );
}

/** Nothing moves under who reads further down, has a row open, or is on one by pointer or keyboard. */
function isAtTop(place: HTMLElement | null): boolean {
  const list = place?.querySelector("ul");
  if (!list) return true;
  const isRead = list.matches(":hover, :focus-within") || list.querySelector("details[open]") !== null;
  return !isRead && (place?.closest(".desk__scroll")?.scrollTop ?? 0) < TOP_PX;
}

function DeliveryRow({ of: { id, event, room_id, subject_id, state, due_at, last_error, created_at, attempts } }: { of: LoggedDelivery }) {
  const now = Date.now();
  const last = attempts.at(-1);
  const kind = state === "delivered" ? "good" : state === "dead" ? "bad" : last ? "warn" : undefined;
  return (
    <Row
      title={eventWords(event)}
      tags={<Tag {...(kind && { kind })}>{webhookStrings.state[state]}</Tag>}
      facts={[
        <time key="at" dateTime={created_at} title={fullTimeOf(created_at)}>
          {relativeOf(created_at, now)}
        </time>,
        attempts.length === 0 ? webhookStrings.no_attempt : webhookStrings.attempts(last?.attempt ?? attempts.length),
        last ? outcomeOf(last) : last_error !== undefined && whyOf({ error: last_error }),
        last?.duration_ms !== undefined && webhookStrings.took(last.duration_ms),
        due_at !== undefined && (Date.parse(due_at) <= now ? webhookStrings.next_now : webhookStrings.next_try(momentOf(due_at, now))),
      ]}
    >
      <details class="log__more">
        <summary>{webhookStrings.more_about}</summary>
        <ol class="log__attempts">
          {attempts.map((one) => (
            <li key={one.attempt} value={one.attempt}>
              <time dateTime={one.at}>{momentOf(one.at, now)}</time>
              <span>{outcomeOf(one)}</span>
              {one.duration_ms !== undefined && <span>{webhookStrings.took(one.duration_ms)}</span>}
            </li>
          ))}
        </ol>
        <p class="log__ids">
          <code>{webhookStrings.delivery_id(id)}</code>
          <code>{webhookStrings.subject_id(subject_id)}</code>
          {room_id !== undefined && <code>{webhookStrings.room_id(room_id)}</code>}
        </p>
      </details>
    </Row>
  );
}

const outcomeOf = ({ status, error }: LoggedDelivery["attempts"][number]): string =>
  error === undefined && status !== undefined
    ? webhookStrings.answered(status)
    : whyOf({ ...(error !== undefined && { error }), ...(status !== undefined && { status }) });
