/** When a status ends that is to last so long, on this reader's clock. */
export type Lasting = "half_hour" | "hour" | "today" | "week" | "stays";
export const lastings: readonly Lasting[] = ["half_hour", "hour", "today", "week", "stays"];

/** Null for one that stays. A day ends at midnight, a week on Sunday's: by the calendar, since a day may have 23 hours. */
export function endOf(lasting: Lasting, now: number): Date | null {
  const today = new Date(now);
  const midnight = (days: number): Date => new Date(today.getFullYear(), today.getMonth(), today.getDate() + days);
  const ends: Record<Lasting, () => Date | null> = {
    half_hour: () => new Date(now + 30 * 60_000),
    hour: () => new Date(now + 60 * 60_000),
    today: () => midnight(1),
    week: () => midnight(8 - (today.getDay() || 7)),
    stays: () => null,
  };
  return ends[lasting]();
}
