import { momentOf } from "../lib/moments.ts";
import { strings } from "../lib/strings.ts";
import { ApiError } from "../lib/api-error.ts";
import { EVENTS, webhookStrings } from "../lib/workspace-webhooks-strings.ts";
import type { App } from "../models/app.ts";
import type { createWebhooks, ShownSecret } from "../models/workspace-webhooks.ts";
import { closeDialog, Dialog } from "./dialog.tsx";
import { submit } from "./form.ts";
import { Copyable, SecretDialog } from "./secret-dialog.tsx";
import { Field } from "./workspace-parts.tsx";

type Props = { app: App; webhooks: ReturnType<typeof createWebhooks> };

const [FIRST_EVENT = ""] = EVENTS;

/** Makes one, or changes the one that is being edited. What it hears of private rooms is the owner's to give. */
export function WebhookDialog({ app, webhooks }: Props) {
  const webhook = webhooks.edited.value;
  const isOwner = app.account.me.value?.role === "owner";
  const save = (event: SubmitEvent) =>
    submit(
      event,
      async (texts) => {
        const { url = "", description = "" } = texts;
        const events = EVENTS.filter((name) => texts[name] !== undefined);
        if (events.length === 0) throw new ApiError({ code: "no_events", retry: false, fields: [FIRST_EVENT] });
        const include_private = texts["include_private"] !== undefined;
        const asked = { url, description, events, ...(isOwner && { include_private }) };
        await (webhook ? webhooks.change(webhook.id, asked) : webhooks.make(asked));
        closeDialog("webhook");
      },
      {
        invalid: webhookStrings.bad_url,
        forbidden: webhookStrings.only_owner,
        conflict: webhookStrings.too_many,
        no_events: webhookStrings.no_events,
      },
    );
  return (
    <Dialog name="webhook" title={webhook ? webhookStrings.edit_title : webhookStrings.add}>
      <form class="dialog__form" key={webhook ? `${webhook.id} ${webhook.updated_at}` : ""} noValidate onSubmit={save}>
        <Field
          name="url"
          label={webhookStrings.url}
          hint={webhookStrings.url_hint}
          maxLength={2_048}
          spellcheck={false}
          defaultValue={webhook?.url ?? ""}
        />
        <Field
          name="description"
          label={webhookStrings.description}
          hint={strings.optional}
          maxLength={1_024}
          defaultValue={webhook?.description ?? ""}
        />
        <fieldset class="dialog__choices">
          <legend class="field__label">{webhookStrings.events}</legend>
          {EVENTS.map((name) => (
            <label class="choice" key={name}>
              <input type="checkbox" name={name} defaultChecked={webhook ? webhook.events.includes(name) : name === FIRST_EVENT} />
              <span>
                {webhookStrings.event[name]} <code class="field__hint">{name}</code>
              </span>
            </label>
          ))}
        </fieldset>
        {isOwner && (
          <label class="choice">
            <input type="checkbox" name="include_private" defaultChecked={webhook?.include_private ?? false} />
            <span>
              {webhookStrings.include_private} <span class="field__hint">· {webhookStrings.include_private_hint}</span>
            </span>
          </label>
        )}
        <p class="field__alert" role="alert" />
        <button class="button" data-kind="main" type="submit">
          {webhook ? webhookStrings.save : webhookStrings.add}
        </button>
      </form>
    </Dialog>
  );
}

export function SecretShown({ app, webhooks, shown: { secret, previous_until } }: Props & { shown: ShownSecret }) {
  return (
    <SecretDialog app={app} title={webhookStrings.secret_title} words={webhookStrings.secret_once} onStored={webhooks.stored}>
      <Copyable app={app} name="webhook" label={webhookStrings.secret} text={secret} deed={webhookStrings.copy_secret} />
      {previous_until !== undefined && <p class="quiet">{webhookStrings.old_until(momentOf(previous_until, Date.now()))}</p>}
    </SecretDialog>
  );
}
