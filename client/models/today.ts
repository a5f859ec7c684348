/** The day it is for the reader, so that "Today" becomes "Yesterday" at midnight also where nothing else happens. */
import { action, createModel, signal } from "@preact/signals";

export type TodayParts = { now(): number; later(ms: number, run: () => void): () => void };

export const TodayModel = createModel(({ now, later }: TodayParts) => {
  const midnight = (days: number): number => {
    const date = new Date(now());
    return new Date(date.getFullYear(), date.getMonth(), date.getDate() + days).getTime(); // by the calendar: a day may have 23 hours
  };
  const today = signal(midnight(0));
  const turn = action((): void => {
    today.value = midnight(0);
    later(midnight(1) - now(), turn);
  });
  turn();
  /** When it began. */
  return { today };
});
