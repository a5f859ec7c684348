/** A moment that is near, to the second: when something is tried next, until when something rests. */
import { dateOf, dayKeyOf } from "./dates.ts";
import { perLanguage } from "./language.ts";

const clock = perLanguage((here) => new Intl.DateTimeFormat(here, { timeStyle: "medium" }));
const dayAndTime = perLanguage((here) => new Intl.DateTimeFormat(here, { dateStyle: "medium", timeStyle: "short" }));

/** The time, and on another day than that of `now` its date too. */
export const momentOf = (at: string, now: number): string =>
  (dayKeyOf(at) === dayKeyOf(new Date(now).toISOString()) ? clock : dayAndTime)().format(new Date(at));

/** The day, or for what is today the time. */
export const endOf = (at: string, now: number): string =>
  dayKeyOf(at) === dayKeyOf(new Date(now).toISOString()) ? clock().format(new Date(at)) : dateOf(at);
