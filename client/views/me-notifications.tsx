import { quietStrings } from "../lib/quiet-strings.ts";
import { meStrings } from "../lib/me-strings.ts";
import { strings } from "../lib/strings.ts";
import type { App } from "../models/app.ts";
import { changes, Switch } from "./me-switch.tsx";

export function Notifications({ app }: { app: App }) {
  const allowed = app.notify.allowed.value;
  const isOn = app.notify.is_on.value;
  const { preview, sound } = app.settings.settings.value;
  const words =
    allowed === "missing"
      ? meStrings.notify_missing
      : allowed === "denied"
        ? meStrings.notify_denied
        : isOn
          ? meStrings.notify_on
          : meStrings.notify_hint;
  return (
    <section class="me__part">
      <h2 class="me__title">{meStrings.notifications}</h2>
      <p class="quiet">{words}</p>
      {allowed !== "missing" && allowed !== "denied" && (
        <div class="me__deeds">
          {isOn ? (
            <>
              <button class="button" type="button" onClick={() => app.notify.test(strings.product, meStrings.notify_test_words)}>
                {meStrings.notify_test}
              </button>
              <button class="button" type="button" onClick={() => app.notify.switchOff()}>
                {meStrings.notify_off}
              </button>
            </>
          ) : (
            <button class="button" data-kind="main" type="button" onClick={() => void app.notify.switchOn()}>
              {meStrings.notify_me}
            </button>
          )}
        </div>
      )}
      {isOn && <Switch words={meStrings.notify_preview} isOn={preview} set={(to) => changes(app, { preview: to })} />}
      <Switch words={quietStrings.sound} hint={quietStrings.sound_hint} isOn={sound} set={(to) => changes(app, { sound: to })} />
      {sound && (
        <button class="button" type="button" onClick={() => void import("../lib/sound.ts").then(({ chime }) => chime())}>
          {quietStrings.hear_it}
        </button>
      )}
    </section>
  );
}
