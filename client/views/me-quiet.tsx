import "../styles/me-quiet.css";
import { locale } from "../lib/language.ts";
import { quietStrings as words } from "../lib/quiet-strings.ts";
import type { App } from "../models/app.ts";
import type { Hours } from "../models/quiet.ts";
import { changes, Switch } from "./me-switch.tsx";
import { PauseDeeds } from "./pause.tsx";

const USUAL: Hours = { from: "22:00", to: "08:00", days: [0, 1, 2, 3, 4, 5, 6] };
const WEEK = [1, 2, 3, 4, 5, 6, 0];

export function Quiet({ app }: { app: App }) {
  const { quiet_hours } = app.settings.settings.value;
  return (
    <section class="me__part">
      <h2 class="me__title">{words.title}</h2>
      <PauseDeeds app={app} />
      <Switch
        words={words.hours}
        hint={words.hours_hint}
        isOn={quiet_hours !== null}
        set={(isOn) => changes(app, { quiet_hours: isOn ? USUAL : null })}
      />
      {quiet_hours && <HoursFields hours={quiet_hours} set={(to) => changes(app, { quiet_hours: to })} />}
    </section>
  );
}

function HoursFields({ hours, set }: { hours: Hours; set(to: Hours): void }) {
  const turn = (day: number): readonly number[] => (hours.days.includes(day) ? hours.days.filter((one) => one !== day) : [...hours.days, day]);
  const names = new Intl.DateTimeFormat(locale(), { weekday: "short", timeZone: "UTC" });
  const whole = new Intl.DateTimeFormat(locale(), { weekday: "long", timeZone: "UTC" });
  const dateOf = (day: number): Date => new Date(Date.UTC(2026, 0, 4 + day)); // the 4th is a Sunday
  return (
    <>
      <div class="me-quiet__times">
        {(["from", "to"] as const).map((end) => (
          <label class="field" key={end}>
            <span class="field__label">{words[end]}</span>
            <input
              class="field__input"
              type="time"
              value={hours[end]}
              onChange={({ currentTarget: { value } }) => value !== "" && set({ ...hours, [end]: value })}
            />
          </label>
        ))}
      </div>
      <fieldset>
        <legend class="field__label">{words.days}</legend>
        <div class="me-quiet__days">
          {WEEK.map((day) => (
            <label class="me-quiet__day" key={day}>
              <input class="hidden" type="checkbox" checked={hours.days.includes(day)} onChange={() => set({ ...hours, days: turn(day) })} />
              <time aria-hidden="true">{names.format(dateOf(day))}</time>
              <time class="hidden">{whole.format(dateOf(day))}</time>
            </label>
          ))}
        </div>
      </fieldset>
    </>
  );
}
