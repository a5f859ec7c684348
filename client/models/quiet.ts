/** When notifications rest: for a while, because somebody said so, and each day in the hours they gave. By this device's clock. */
import { action, computed, createModel, effect, signal } from "@preact/signals";
import type { Settings } from "./settings.ts";

/** From `from` to `to`, as "22:00", on the days on which it begins (0 is Sunday). Past midnight where `to` is not later. */
export type Hours = { from: string; to: string; days: readonly number[] };
export type QuietSettings = Pick<Settings, "quiet_hours" | "paused_until">;

const LOOK_MS = 20_000;

export function isQuietAt({ quiet_hours, paused_until }: QuietSettings, now: number): boolean {
  if (paused_until !== null && Date.parse(paused_until) > now) return true;
  if (!quiet_hours) return false;
  const { from, to, days } = quiet_hours;
  const date = new Date(now);
  const time = `${String(date.getHours()).padStart(2, "0")}:${String(date.getMinutes()).padStart(2, "0")}`;
  const isNightOver = from >= to;
  const begun = time >= from && (isNightOver || time < to) && days.includes(date.getDay());
  return begun || (isNightOver && time < to && days.includes((date.getDay() + 6) % 7));
}

export type QuietParts = { settings: { readonly value: QuietSettings }; now(): number; later(ms: number, run: () => void): () => void };

export const QuietModel = createModel(({ settings, now, later }: QuietParts) => {
  const time = signal(now());
  const look = action((): void => {
    time.value = now();
  });
  const isSet = computed(() => settings.value.quiet_hours !== null || settings.value.paused_until !== null);
  effect(() => {
    void time.value; // each look leads to the next
    return isSet.value ? later(LOOK_MS, look) : undefined;
  });
  return {
    /** For what is drawn: looked at now and then while there is something to look at. */
    is_quiet: computed(() => isQuietAt(settings.value, Math.max(time.value, now()))),
    /** At this very moment. */
    isNow: (): boolean => isQuietAt(settings.value, now()),
  };
});
