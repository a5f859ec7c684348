import { useEffect } from "preact/hooks";
import type { DeadLetter } from "../../server/protocol/deliveries.ts";
import { fullTimeOf, relativeOf } from "../lib/dates.ts";
import { momentOf } from "../lib/moments.ts";
import { eventWords, webhookStrings, whyOf } from "../lib/workspace-webhooks-strings.ts";
import type { App } from "../models/app.ts";
import { perApp } from "../models/per-app.ts";
import { createUndelivered, isDead, type Outcome as Became } from "../models/workspace-undelivered.ts";
import { confirmed } from "./confirm.tsx";
import { keepFocus, rowOf } from "./kept-focus.ts";
import { nameOf } from "./names.ts";
import { Intro, Listing, Row, Tag } from "./workspace-parts.tsx";
import { Docs, logPath, Outcome, Way, webhooksOf } from "./workspace-webhook-parts.tsx";

const undeliveredOf = perApp((api, app) => createUndelivered(api, app.later));

export function Undelivered({ app }: { app: App }) {
  const list = undeliveredOf(app);
  const letters = list.pages.items.value;
  const outcomes = list.outcomes.value;
  const isCut = list.is_cut.value;
  useEffect(() => {
    void list.find();
    void webhooksOf(app).find();
    return list.rest;
  }, []);
  useEffect(() => app.people.find(letters?.flatMap(({ courier, target_id }) => (courier === "user" ? target_id : [])) ?? []), [letters]);
  const retryAll = async (): Promise<void> => {
    if (!(await confirmed(webhookStrings.retry_all_question, webhookStrings.retry_all, "main"))) return;
    await app.attempt(async () => app.say(webhookStrings.retried(await list.retryAll()), "done"));
    keepFocus(null);
  };
  return (
    <>
      <Intro words={<Docs words={webhookStrings.lost_intro} link={webhookStrings.lost_docs} />}>
        {letters?.some(({ id }) => isDead(outcomes.get(id))) === true && (
          <button class="button" type="button" onClick={() => void retryAll()}>
            {webhookStrings.retry_all}
          </button>
        )}
      </Intro>
      <Listing pages={list.pages} label={webhookStrings.lost_list} none={webhookStrings.lost_none}>
        {(letter) => <LetterRow key={letter.id} app={app} of={letter} outcome={outcomes.get(letter.id)} />}
      </Listing>
      {isCut && (
        <button class="button" type="button" onClick={() => void list.findMost()}>
          {webhookStrings.show_all}
        </button>
      )}
    </>
  );
}

function LetterRow({ app, of: letter, outcome }: { app: App; of: DeadLetter; outcome: Became | undefined }) {
  const list = undeliveredOf(app);
  const { courier, target_id, event, attempts, last_error, last_status, created_at } = letter;
  const webhook = webhooksOf(app).pages.items.value?.find(({ id }) => id === target_id);
  const why = whyOf({ ...(last_error !== undefined && { error: last_error }), ...(last_status !== undefined && { status: last_status }) });
  const name = `${eventWords(event)}, ${why}`;
  const retry = async (event: Event): Promise<void> => {
    const row = rowOf(event);
    await app.attempt(() => list.retry(letter));
    keepFocus(row);
  };
  const discard = async (event: Event): Promise<void> => {
    const row = rowOf(event);
    if (await confirmed(webhookStrings.discard_question, webhookStrings.remove)) await app.attempt(() => list.discard(letter));
    keepFocus(row);
  };
  return (
    <Row
      title={eventWords(event)}
      tags={<Tag kind="bad">{why}</Tag>}
      quiet={!isDead(outcome)}
      facts={[
        <bdi key="target">
          {courier === "user"
            ? webhookStrings.to_person(nameOf(app, target_id))
            : webhook
              ? webhookStrings.to_webhook(new URL(webhook.url).host)
              : webhookStrings.to_removed}
        </bdi>,
        <time key="at" dateTime={created_at} title={fullTimeOf(created_at)}>
          {relativeOf(created_at, Date.now())}
        </time>,
        webhookStrings.attempts(attempts),
      ]}
      deeds={
        <>
          {webhook && (
            <Way app={app} to={logPath(target_id)} label={webhookStrings.log_of(webhook.url)}>
              {webhookStrings.log}
            </Way>
          )}
          {isDead(outcome) && (
            <>
              <button class="button" type="button" aria-label={webhookStrings.retry_of(name)} onClick={(event) => void retry(event)}>
                {webhookStrings.retry}
              </button>
              <button
                class="button"
                data-kind="danger"
                type="button"
                aria-label={webhookStrings.discard_of(name)}
                onClick={(event) => void discard(event)}
              >
                {webhookStrings.remove}
              </button>
            </>
          )}
        </>
      }
    >
      <Outcome {...(outcome ? { words: wordsOf(outcome), ...kindOf(outcome) } : { words: "" })} />
    </Row>
  );
}

const kindOf = ({ state }: Became): { kind?: "good" | "bad" | "warn" } =>
  state === "delivered" ? { kind: "good" } : state === "dead" || state === "removed" ? { kind: "bad" } : state === "again" ? { kind: "warn" } : {};

function wordsOf(outcome: Became): string {
  if (outcome.state !== "again" && outcome.state !== "dead") return webhookStrings.lost[outcome.state];
  const { attempts, last_error, due_at } = outcome.delivery;
  const { status, error = last_error } = attempts.at(-1) ?? {};
  const why = whyOf({ ...(error !== undefined && { error }), ...(status !== undefined && { status }) });
  if (outcome.state === "dead") return webhookStrings.dead(why);
  return webhookStrings.again(why, due_at === undefined || Date.parse(due_at) <= Date.now() ? webhookStrings.now : momentOf(due_at, Date.now()));
}
