import "../styles/workspace-hues.css";
import { useEffect } from "preact/hooks";
import type { Config } from "../../server/protocol/tenants.ts";
import { initialsOf } from "../lib/faces.ts";
import { pictureStrings } from "../lib/picture-strings.ts";
import { wearAccent } from "../lib/theme.ts";
import { settingsStrings as words } from "../lib/workspace-settings-strings.ts";
import type { App } from "../models/app.ts";
import { perApp } from "../models/per-app.ts";
import { createPictureDesk, PICTURE_BYTES } from "../models/picture-desk.ts";
import { settingsOf } from "../models/workspace-settings.ts";
import { submit } from "./form.ts";
import { logoAt } from "./logo.ts";
import { PictureField } from "./picture-field.tsx";
import type { SettingsProps } from "./workspace-settings.tsx";
import { Field, Part } from "./workspace-parts.tsx";

/** Those that have a name; every other hue is as good. */
const HUES = { usual: 195, blue: 255, violet: 300, rose: 350, brick: 35, moss: 140 } as const;
type Hue = keyof typeof HUES;

const deskOf = perApp((api, app) =>
  createPictureDesk<Config>({
    api,
    path: "/admin/config/logo",
    most: () => Math.min(PICTURE_BYTES, app.limits.peek().file_bytes),
    took(config) {
      settingsOf(app).took(config);
      void app.attempt(() => app.account.change({})); // it comes with one's own account
    },
    say: (said) => app.say(said, "done"),
  }),
);

/** How the workspace is called and which colour marks what can be pressed: whoever changes it sees it at once, the others when it is saved. */
export function Identity({ app, config, change }: SettingsProps) {
  const mine = app.account.me.value?.accent;
  useEffect(() => () => wearAccent(app.account.me.peek()?.accent), []);
  const save = (event: SubmitEvent) =>
    submit(
      event,
      async ({ name = "", accent = "" }) => {
        const hue = Number(accent);
        await change({ name, accent: hue === HUES.usual ? null : hue });
        await app.account.change({}); // the name and the accent come with it
        app.say(words.saved, "done");
      },
      { name: words.bad_name },
    );
  const chosen = config.accent ?? mine ?? HUES.usual;
  return (
    <Part title={words.identity}>
      <Logo app={app} config={config} />
      <form class="desk__form" onSubmit={save} key={`${config.name} ${config.accent ?? ""}`}>
        <Field name="name" label={words.name} required maxLength={80} defaultValue={config.name} />
        <fieldset>
          <legend class="field__label">{words.accent}</legend>
          <div class="desk__hues">
            {(Object.keys(HUES) as Hue[]).map((name) => (
              <Swatch key={name} name={name} chosen={chosen} />
            ))}
          </div>
          <input
            class="desk__slider"
            type="range"
            name="accent"
            aria-label={words.accent_hue}
            min={0}
            max={359}
            defaultValue={chosen % 360}
            onInput={({ currentTarget }) => choose(currentTarget.form, Number(currentTarget.value))}
          />
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
      <input
        class="hidden"
        type="radio"
        name="preset"
        value={hue}
        defaultChecked={chosen === hue}
        onChange={({ currentTarget }) => choose(currentTarget.form, hue)}
      />
      <span class="desk__swatch" aria-hidden="true" />
      {words.hues[name]}
    </label>
  );
}

/** Worn at once. The slider says which it is, and the names follow it: none where it has none. */
function choose(form: HTMLFormElement | null, hue: number): void {
  wearAccent(hue);
  for (const one of form?.elements ?? []) {
    if (!(one instanceof HTMLInputElement)) continue;
    if (one.name === "accent") one.value = String(hue);
    if (one.name === "preset") one.checked = Number(one.value) === hue;
  }
}

function Logo({ app, config }: { app: App; config: Config }) {
  const { name, logo_id } = config;
  return (
    <PictureField desk={deskOf(app)} label={pictureStrings.logo} hint={pictureStrings.logo_hint} has={logo_id !== null}>
      {logo_id === null ? (
        <span class="picture-field__logo" aria-hidden="true">
          {initialsOf(name)}
        </span>
      ) : (
        <img class="picture-field__logo" src={logoAt(logo_id)} alt="" />
      )}
    </PictureField>
  );
}
