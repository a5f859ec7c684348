import { useEffect } from "preact/hooks";
import { wearAccent } from "../lib/theme.ts";
import { settingsStrings as words } from "../lib/workspace-settings-strings.ts";
import { submit } from "./form.ts";
import type { SettingsProps } from "./workspace-settings.tsx";
import { Field, Part } from "./workspace-parts.tsx";

const HUES = { usual: 195, blue: 255, violet: 300, rose: 350, brick: 35, moss: 140 } as const;
type Hue = keyof typeof HUES;

/** How the workspace is called and which colour marks what can be pressed: whoever changes it sees it at once, the others when it is saved. */
export function Identity({ app, config, change }: SettingsProps) {
  const mine = app.account.me.value?.accent;
  useEffect(() => () => wearAccent(app.account.me.peek()?.accent), []);
  const save = (event: SubmitEvent) =>
    submit(
      event,
      async ({ name = "", accent = "" }) => {
        const hue = Number(accent);
        await change({ name, ...(accent !== "" && { accent: hue === HUES.usual ? null : hue }) });
        await app.account.change({}); // the name and the accent come with it
        app.say(words.saved, "done");
      },
      { name: words.bad_name },
    );
  const chosen = config.accent ?? mine ?? HUES.usual;
  return (
    <Part title={words.identity}>
      <form class="desk__form" onSubmit={save} key={`${config.name} ${config.accent ?? ""}`}>
        <Field name="name" label={words.name} required maxLength={80} defaultValue={config.name} />
        <fieldset>
          <legend class="field__label">{words.accent}</legend>
          <div class="desk__hues">
            {(Object.keys(HUES) as Hue[]).map((name) => (
              <Swatch key={name} name={name} chosen={chosen} />
            ))}
          </div>
        </fieldset>
        <p class="field__alert" role="alert" />
        <button class="button" type="submit">
          {words.save}
        </button>
      </form>
    </Part>
  );
}

function Swatch({ name, chosen }: { name: Hue; chosen: number }) {
  const hue = HUES[name];
  return (
    <label class="desk__hue" data-hue={name}>
      <input class="hidden" type="radio" name="accent" value={hue} defaultChecked={chosen === hue} onChange={() => wearAccent(hue)} />
      <span class="desk__swatch" aria-hidden="true" />
      {words.hues[name]}
    </label>
  );
}
