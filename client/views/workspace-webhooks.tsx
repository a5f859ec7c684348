import { useEffect } from "preact/hooks";
import type { Webhook } from "../../server/protocol/webhooks.ts";
import { fullTimeOf, relativeOf } from "../lib/dates.ts";
import { momentOf } from "../lib/moments.ts";
import { eventWords, webhookStrings, whyOf } from "../lib/workspace-webhooks-strings.ts";
import type { App } from "../models/app.ts";
import type { Tested } from "../models/workspace-webhooks.ts";
import { confirmed } from "./confirm.tsx";
import { openDialog } from "./dialog.tsx";
import { Icon } from "./icon.tsx";
import { keepFocus } from "./kept-focus.ts";
import { Item, Menu } from "./menu.tsx";
import { DeliveryLog } from "./workspace-log.tsx";
import { Docs, logPath, Outcome, Way, webhooksOf } from "./workspace-webhook-parts.tsx";
import { SecretShown, WebhookDialog } from "./workspace-webhook-dialogs.tsx";
import { Intro, Listing, Row, Tag } from "./workspace-parts.tsx";

/** The list, and at /workspace/webhooks/:webhook_id the log of one. */
export function Webhooks({ app }: { app: App }) {
  const [, , , webhook_id = ""] = app.place.path.value.split("/");
  useEffect(() => keepFocus(null), [webhook_id]); // the link that led here is gone
  return webhook_id === "" ? <List app={app} /> : <DeliveryLog key={webhook_id} app={app} webhook_id={webhook_id} />;
}

function List({ app }: { app: App }) {
  const webhooks = webhooksOf(app);
  const shown = webhooks.shown.value;
  useEffect(() => void webhooks.find(), []);
  const add = (): void => {
    webhooks.edit(null);
    openDialog("webhook");
  };
  return (
    <>
      <Intro words={<Docs words={webhookStrings.intro} link={webhookStrings.docs} />}>
        <button class="button" data-kind="main" type="button" onClick={add}>
          <Icon sign="plus" />
          {webhookStrings.add}
        </button>
      </Intro>
      <Listing pages={webhooks.pages} label={webhookStrings.list} none={webhookStrings.none}>
        {(webhook) => <WebhookRow key={webhook.id} app={app} of={webhook} />}
      </Listing>
      <WebhookDialog app={app} webhooks={webhooks} />
      {shown && <SecretShown app={app} webhooks={webhooks} shown={shown} />}
    </>
  );
}

function WebhookRow({ app, of: webhook }: { app: App; of: Webhook }) {
  const webhooks = webhooksOf(app);
  const { id, url, events, include_private, description, created_at, disabled_at } = webhook;
  const tested = webhooks.tested.value.get(id);
  const isOn = disabled_at === undefined;
  return (
    <Row
      title={url}
      quiet={!isOn}
      tags={<State of={webhook} />}
      facts={[
        description !== "" && <bdi key="description">{description}</bdi>,
        ...events.map(eventWords),
        include_private && webhookStrings.privates,
        isOn && circuitOf(webhook),
        <time key="at" dateTime={created_at} title={fullTimeOf(created_at)}>
          {relativeOf(created_at, Date.now())}
        </time>,
      ]}
      deeds={
        <>
          {isOn && (
            <button class="button" type="button" aria-label={webhookStrings.test_of(url)} onClick={() => void app.attempt(() => webhooks.test(id))}>
              {webhookStrings.test}
            </button>
          )}
          <Way app={app} to={logPath(id)} label={webhookStrings.log_of(url)}>
            {webhookStrings.log}
          </Way>
          <More app={app} of={webhook} />
        </>
      }
    >
      <Outcome {...(tested ? wentHow(tested) : { words: "" })} />
    </Row>
  );
}

function State({ of: { disabled_at, disabled_reason, rests_until } }: { of: Webhook }) {
  if (disabled_at !== undefined) return <Tag kind="bad">{disabled_reason === "gone" ? webhookStrings.off_gone : webhookStrings.off}</Tag>;
  return <Tag kind={isOpen(rests_until) ? "warn" : "good"}>{webhookStrings.on}</Tag>;
}

const isOpen = (rests_until: string | undefined): rests_until is string => rests_until !== undefined && Date.parse(rests_until) > Date.now();

function circuitOf({ failures, rests_until }: Webhook): string {
  if (isOpen(rests_until)) return webhookStrings.open(failures, momentOf(rests_until, Date.now()));
  return failures === 0 ? webhookStrings.closed : webhookStrings.closed_after(failures);
}

function wentHow(tested: Tested): { words: string; kind?: "good" | "bad" } {
  if (!("delivery" in tested)) return { words: tested.state === "waiting" ? webhookStrings.testing : webhookStrings.test_slow };
  const { attempts, last_error } = tested.delivery;
  const { status, duration_ms = 0, error = last_error } = attempts.at(-1) ?? {};
  if (tested.state === "delivered") return { kind: "good", words: webhookStrings.test_good(status ?? 200, duration_ms) };
  const why = whyOf({ ...(error !== undefined && { error }), ...(status !== undefined && { status }) });
  return { kind: "bad", words: webhookStrings.test_bad(why) };
}

function More({ app, of: webhook }: { app: App; of: Webhook }) {
  const webhooks = webhooksOf(app);
  const { id, url, disabled_at } = webhook;
  const isOn = disabled_at === undefined;
  const edit = (): void => {
    webhooks.edit(webhook);
    openDialog("webhook");
  };
  const rotate = async (): Promise<void> => {
    if (await confirmed(webhookStrings.rotate_question(url), webhookStrings.new_secret, "main")) await app.attempt(() => webhooks.rotate(webhook));
  };
  const remove = async (): Promise<void> => {
    if (await confirmed(webhookStrings.remove_question(url), webhookStrings.remove)) await app.attempt(() => webhooks.remove(id));
    keepFocus(null);
  };
  return (
    <Menu app={app} id={`webhook-menu-${id}`} kind="tool" label={webhookStrings.more_of(url)} button={<Icon sign="more" />}>
      <Item sign="pencil" words={webhookStrings.edit} onChoose={edit} />
      <Item sign="key" words={webhookStrings.new_secret} onChoose={() => void rotate()} />
      <Item
        sign={isOn ? "silent" : "bell"}
        words={isOn ? webhookStrings.switch_off : webhookStrings.switch_on}
        onChoose={() => void app.attempt(() => webhooks.change(id, { disabled: isOn }), { conflict: webhookStrings.too_many })}
      />
      <hr class="menu__line" />
      <Item sign="close" words={webhookStrings.remove} danger onChoose={() => void remove()} />
    </Menu>
  );
}
