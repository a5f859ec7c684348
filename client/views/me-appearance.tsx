import { useEffect, useRef } from "preact/hooks";
import type { Choice } from "../lib/language.ts";
import { meStrings } from "../lib/me-strings.ts";
import { strings } from "../lib/strings.ts";
import type { App } from "../models/app.ts";
import { changes, Switch } from "./me-switch.tsx";

export function Appearance({ app }: { app: App }) {
  const { theme, contrast } = app.settings.settings.value;
  return (
    <section class="me__part">
      <h2 class="me__title">{meStrings.appearance}</h2>
      <Speech app={app} />
      <fieldset>
        <legend class="field__label">{meStrings.theme}</legend>
        <div class="me__themes">
          {(["system", "light", "dark"] as const).map((one) => (
            <label class="me__theme" key={one} data-look={one}>
              <input class="hidden" type="radio" name="theme" checked={theme === one} onChange={() => changes(app, { theme: one })} />
              <span class="me__swatch" aria-hidden="true" />
              {meStrings.themes[one]}
            </label>
          ))}
        </div>
      </fieldset>
      <Closeness app={app} />
      <Switch words={meStrings.contrast} isOn={contrast === "more"} set={(isOn) => changes(app, { contrast: isOn ? "more" : "system" })} />
    </section>
  );
}

/** Each in its own words: who cannot read the page finds it. */
const NAMES = { en: "English", zh: "简体中文" } as const;

function Speech({ app }: { app: App }) {
  const chosen = app.speech.chosen.value;
  const field = useRef<HTMLSelectElement>(null);
  useEffect(() => {
    if (app.speech.takeChange()) field.current?.focus(); // the page has been drawn anew, and this with it
  }, []);
  const choose = async (to: Choice): Promise<void> => {
    if (!(await app.speech.choose(to))) app.say(strings.part_failed);
  };
  return (
    <div class="field me__language">
      <label class="field__label" for="language">
        {meStrings.language}
      </label>
      <select
        class="field__input"
        id="language"
        ref={field}
        aria-describedby="language-hint"
        onChange={({ currentTarget }) => void choose(choiceOf(currentTarget.value))}
      >
        <option value="" selected={chosen === ""}>
          {meStrings.language_browser}
        </option>
        {(["en", "zh"] as const).map((one) => (
          <option key={one} value={one} lang={one === "zh" ? "zh-Hans" : "en"} selected={chosen === one}>
            {NAMES[one]}
          </option>
        ))}
      </select>
      <span class="field__hint" id="language-hint">
        {meStrings.language_hint}
      </span>
    </div>
  );
}

const choiceOf = (value: string): Choice => (value === "en" || value === "zh" ? value : "");

function Closeness({ app }: { app: App }) {
  const density = app.settings.density.value;
  return (
    <fieldset class="dialog__choices">
      <legend class="field__label">{meStrings.density}</legend>
      {(["comfortable", "compact"] as const).map((one) => (
        <label class="choice" key={one}>
          <input type="radio" name="density" checked={density === one} onChange={() => app.settings.stand(one)} />
          <span class="switch__words">
            {meStrings.densities[one]}
            <span class="field__hint">{meStrings.density_hints[one]}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}
