/** Dates and times as the reader writes them, in the zone they are in. */
import { perLanguage } from "./language.ts";

const time = perLanguage((here) => new Intl.DateTimeFormat(here, { hour: "numeric", minute: "2-digit" }));
const full = perLanguage((here) => new Intl.DateTimeFormat(here, { dateStyle: "full", timeStyle: "short" }));
const day = perLanguage((here) => new Intl.DateTimeFormat(here, { weekday: "long", day: "numeric", month: "long" }));
const dayAndYear = perLanguage((here) => new Intl.DateTimeFormat(here, { dateStyle: "long" }));
const relative = perLanguage((here) => new Intl.RelativeTimeFormat(here, { numeric: "auto" }));

export const timeOf = (at: string): string => time().format(new Date(at));
/** Without the half of the day, for a margin that is too narrow for it. */
export const narrowTimeOf = (at: string): string => narrow(time().formatToParts(new Date(at)));
export const fullTimeOf = (at: string): string => full().format(new Date(at));
/** The day a moment falls on for the reader; equal for moments of one day. */
export const dayKeyOf = (at: string): string => new Date(at).toDateString();

export const dayOf = (at: string, now: number): string => capital(dayIn(at, now));

/** As `dayOf`, in the middle of a sentence. */
export function dayIn(at: string, now: number): string {
  const date = new Date(at);
  const days = Math.round((startOfDay(now) - startOfDay(date.getTime())) / 86_400_000);
  if (days === 0 || days === 1) return relative().format(-days, "day");
  return date.getFullYear() === new Date(now).getFullYear() ? day().format(date) : dayAndYear().format(date);
}

const startOfDay = (ms: number): number => new Date(ms).setHours(0, 0, 0, 0);
const narrow = (parts: readonly Intl.DateTimeFormatPart[]): string =>
  parts
    .filter(({ type }) => type !== "dayPeriod")
    .map(({ value }) => value)
    .join("")
    .trim();
const capital = (text: string): string => text.charAt(0).toLocaleUpperCase() + text.slice(1);

const steps: readonly [unit: Intl.RelativeTimeFormatUnit, ms: number][] = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
];

/** "5 minutes ago", "yesterday"; after a week the date. */
export function relativeOf(at: string, now: number): string {
  const passed = now - Date.parse(at);
  if (passed > 7 * 86_400_000) return dayAndYear().format(new Date(at));
  const [unit, ms] = steps.find(([, step]) => passed >= step) ?? ["minute", 60_000];
  return relative().format(-Math.max(0, Math.floor(passed / ms)), unit);
}
export const dateOf = (at: string): string => dayAndYear().format(new Date(at));
