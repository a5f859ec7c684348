import "../styles/jump.css";
import { useEffect } from "preact/hooks";
import { words } from "../lib/jump-strings.ts";
import type { App } from "../models/app.ts";
import { closeDialog, Dialog, openDialog } from "./dialog.tsx";

const NAME = "jump";
const DAY_MS = 86_400_000;

/** Leads to the first message of a day: of one that is chosen in the browser's own calendar, or of one of those that are asked for most. */
export function JumpDialog({ app, at }: { app: App; at: string }) {
  const room = app.room.value;
  const today = app.today.value;
  useEffect(() => openDialog(NAME), []);
  if (!room) return null;
  const go = (work: () => Promise<void> | undefined): void => {
    closeDialog(NAME);
    void app.attempt(async () => work());
  };
  const goTo = (day: Date): void => go(() => app.timeline.peek()?.visitTime(day.toISOString()));
  const onSubmit = (event: SubmitEvent & { currentTarget: HTMLFormElement }): void => {
    event.preventDefault();
    const chosen = new FormData(event.currentTarget).get("day");
    if (typeof chosen === "string" && chosen !== "") goTo(new Date(`${chosen}T00:00`)); // in the reader's own zone
  };
  const daysAgo = (days: number): Date => new Date(new Date(today - days * DAY_MS).setHours(0, 0, 0, 0));
  const shortcuts: readonly [label: string, run: () => void][] = [
    [words.today, () => goTo(daysAgo(0))],
    [words.week, () => goTo(daysAgo(7))],
    [words.month, () => goTo(daysAgo(30))],
    [words.beginning, () => go(() => app.timeline.peek()?.oldest(room.first_seq))],
  ];
  return (
    <Dialog name={NAME} title={words.title} onClose={() => app.acts.jump(null)}>
      <form class="jump" onSubmit={onSubmit}>
        <label class="jump__label" for="jump-day">
          {words.day}
        </label>
        <input
          class="field__input"
          id="jump-day"
          name="day"
          type="date"
          required
          min={dayOf(new Date(room.created_at))}
          max={dayOf(new Date(today))}
          defaultValue={dayOf(new Date(at))}
        />
        <button class="button" data-kind="main" type="submit">
          {words.go}
        </button>
      </form>
      <div class="jump__others" role="group" aria-label={words.others}>
        {shortcuts.map(([label, run]) => (
          <button class="button" type="button" key={label} onClick={run}>
            {label}
          </button>
        ))}
      </div>
    </Dialog>
  );
}

/** The day of the reader's own zone, as a date field has it. */
const dayOf = (date: Date): string =>
  [date.getFullYear(), date.getMonth() + 1, date.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
