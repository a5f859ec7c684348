import { useEffect } from "preact/hooks";
import { momentOf } from "../lib/moments.ts";
import { keysStrings } from "../lib/workspace-keys-strings.ts";
import type { App } from "../models/app.ts";
import { type createKeys, curlOf, needsUser, type ShownKey, USER_ID } from "../models/workspace-keys.ts";
import { closeDialog, Dialog } from "./dialog.tsx";
import { submit } from "./form.ts";
import { Copyable, SecretDialog } from "./secret-dialog.tsx";
import { Choose, Field } from "./workspace-parts.tsx";

type Props = { app: App; keys: ReturnType<typeof createKeys> };

const SCOPES = ["server", "admin", "read"] as const;
const ENDS = ["never", "7", "30", "90", "365"] as const;
const HOLDS = ["86400", "3600", "604800", "2592000", "0"] as const;
const DAY_S = 86_400;
const EXAMPLE = "customer-42";

export function NewKeyDialog({ app, keys }: Props) {
  const isOwner = app.account.me.value?.role === "owner";
  const make = (event: SubmitEvent) =>
    submit(
      event,
      async ({ name = "", scope, impersonate, ends }) => {
        const days = Number(ends);
        await keys.make({
          name,
          scope: SCOPES.find((one) => one === scope) ?? "server",
          ...(impersonate !== undefined && { impersonate: true }),
          ...(days > 0 && { expires_in_seconds: days * DAY_S }),
        });
        closeDialog("new-key");
      },
      { conflict: keysStrings.too_many },
    );
  return (
    <Dialog name="new-key" title={keysStrings.make}>
      <form class="dialog__form" onSubmit={make}>
        <Field name="name" label={keysStrings.name} hint={keysStrings.name_hint} required maxLength={80} />
        <fieldset class="dialog__choices">
          <legend class="field__label">{keysStrings.scope}</legend>
          {SCOPES.map((scope) => (
            <label class="choice" key={scope}>
              <input type="radio" name="scope" value={scope} defaultChecked={scope === "server"} />
              <span>
                {keysStrings.scopes[scope]} <span class="field__hint">· {keysStrings.scope_hints[scope]}</span>
              </span>
            </label>
          ))}
        </fieldset>
        {isOwner && (
          <label class="choice">
            <input type="checkbox" name="impersonate" />
            <span>
              {keysStrings.impersonate} <span class="field__hint">· {keysStrings.impersonate_hint}</span>
            </span>
          </label>
        )}
        <Choose name="ends" label={keysStrings.expires} options={ENDS.map((value) => ({ value, words: keysStrings.ends_in[value] }))} />
        <p class="field__alert" role="alert" />
        <button class="button" data-kind="main" type="submit">
          {keysStrings.make}
        </button>
      </form>
    </Dialog>
  );
}

export function RotateDialog({ keys }: Props) {
  const key = keys.turning.value;
  const rotate = (event: SubmitEvent) =>
    submit(event, async ({ holds }) => {
      if (key) await keys.rotate(key, Number(holds));
      closeDialog("rotate-key");
    });
  return (
    <Dialog name="rotate-key" title={key ? keysStrings.rotate_of(key.name) : keysStrings.rotate} onClose={() => keys.turn(null)}>
      <p class="dialog__words">{keysStrings.rotate_words}</p>
      <form class="dialog__form" onSubmit={rotate}>
        <Choose name="holds" label={keysStrings.old_holds} options={HOLDS.map((value) => ({ value, words: keysStrings.holds[value] }))} />
        <p class="field__alert" role="alert" />
        <button class="button" data-kind="main" type="submit">
          {keysStrings.rotate}
        </button>
      </form>
    </Dialog>
  );
}

export function ShownKeyDialog({ app, keys, shown }: Props & { shown: ShownKey }) {
  const { key, name, scope, impersonate, old_until } = shown;
  const user_id = keys.acts_for.value;
  useEffect(() => keys.actFor(impersonate ? (app.account.me.peek()?.id ?? EXAMPLE) : EXAMPLE), []);
  return (
    <SecretDialog app={app} title={keysStrings.shown_title(name)} words={keysStrings.shown_once} onStored={keys.stored}>
      <Copyable app={app} name="key" label={keysStrings.key} text={key} deed={keysStrings.copy_key} />
      {old_until !== undefined && (
        <p class="quiet">{old_until === null ? keysStrings.old_over : keysStrings.old_until(momentOf(old_until, Date.now()))}</p>
      )}
      <h3 class="field__label">{keysStrings.try_it}</h3>
      {needsUser(shown) && (
        <label class="field">
          <span class="field__label">{keysStrings.act_for}</span>
          <input
            class="field__input"
            autocomplete="off"
            spellcheck={false}
            value={user_id}
            maxLength={128}
            aria-invalid={!USER_ID.test(user_id)}
            aria-describedby="act-for-hint"
            onInput={({ currentTarget }) => keys.actFor(currentTarget.value)}
          />
          <span class="field__hint" id="act-for-hint">
            {!USER_ID.test(user_id) ? keysStrings.act_for_bad : scope === "read" ? keysStrings.act_for_read : keysStrings.act_for_hint}
          </span>
        </label>
      )}
      <Copyable app={app} name="command" label={keysStrings.command} text={curlOf(location.origin, shown, user_id)} deed={keysStrings.copy_command} />
    </SecretDialog>
  );
}
