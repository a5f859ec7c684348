import { fullTimeOf } from "../lib/dates.ts";
import { personStrings } from "../lib/person-strings.ts";
import { quietStrings as words } from "../lib/quiet-strings.ts";
import type { App } from "../models/app.ts";
import { closeDialog } from "./dialog.tsx";

/** What the menu of the workspace opens. */
export function Pause({ app }: { app: App }) {
  return (
    <div class="dialog__form">
      <PauseDeeds app={app} then={() => closeDialog("pause")} />
      <button
        class="link"
        type="button"
        onClick={() => {
          closeDialog("pause");
          app.place.go("/me");
        }}
      >
        {words.more}
      </button>
    </div>
  );
}

/** Rests notifications for a while, and ends that. */
export function PauseDeeds({ app, then = () => {} }: { app: App; then?: () => void }) {
  const { paused_until } = app.settings.settings.value;
  const isQuiet = app.quiet.is_quiet.value;
  const isPaused = paused_until !== null && Date.parse(paused_until) > Date.now();
  const set = (until: Date | null): Promise<void> =>
    app.attempt(async () => {
      await app.settings.change({ paused_until: until?.toISOString() ?? null });
      then();
    });
  const after = (minutes: number): Date => new Date(Date.now() + minutes * 60_000);
  return (
    <>
      <p class="quiet">{words.hint}</p>
      {isQuiet && <p role="status">{isPaused ? words.paused_until(fullTimeOf(paused_until)) : words.in_hours}</p>}
      <div class="me__deeds">
        {isPaused && (
          <button class="button" data-kind="main" type="button" onClick={() => void set(null)}>
            {personStrings.resume}
          </button>
        )}
        <button class="button" type="button" onClick={() => void set(after(30))}>
          {words.for_half_hour}
        </button>
        <button class="button" type="button" onClick={() => void set(after(60))}>
          {words.for_hour}
        </button>
        <button class="button" type="button" onClick={() => void set(tomorrow())}>
          {words.until_tomorrow}
        </button>
      </div>
    </>
  );
}

const MORNING = 8;

function tomorrow(): Date {
  const now = new Date();
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1, MORNING);
}
