/** What the page must keep (experience.md, Budgets). */
export const ROWS_MAX = 400;

export type Bound = { words: string; bound: number; unit: "ms" | "KB" | "rows"; strict?: true };

export const figures = [
  ...(["open", "task_open", "older", "task_older", "rows", "key", "task_key"] as const),
  ...(["cached", "switcher", "arriving", "first_paint", "sidebar", "script", "style"] as const),
];
export type Figure = (typeof figures)[number];

export const bounds: Readonly<Record<Figure, Bound>> = {
  open: { words: "the longest room opens", bound: 300, unit: "ms", strict: true },
  task_open: { words: "the longest task while it opens", bound: 100, unit: "ms" },
  older: { words: "each older page is painted", bound: 100, unit: "ms", strict: true },
  task_older: { words: "the longest task while scrolling back", bound: 100, unit: "ms" },
  rows: { words: "rows in the page, at most", bound: ROWS_MAX, unit: "rows" },
  key: { words: `p95 of the main thread from a key to the end of its paint, with ${ROWS_MAX} rows`, bound: 16, unit: "ms", strict: true },
  task_key: { words: "the longest task while typing", bound: 100, unit: "ms" },
  cached: { words: "a room that was open before is shown again", bound: 100, unit: "ms", strict: true },
  switcher: { words: "the switcher opens", bound: 50, unit: "ms", strict: true },
  arriving: { words: "an arriving message draws", bound: 1, unit: "rows" },
  first_paint: { words: "first paint, warm", bound: 500, unit: "ms", strict: true },
  sidebar: { words: "1,000 rooms in the sidebar, from a reload", bound: 1_500, unit: "ms" },
  script: { words: "JavaScript before lazy parts, as gzip", bound: 90, unit: "KB" },
  style: { words: "CSS, as gzip", bound: 15, unit: "KB" },
};

export const isMet = ({ bound, strict }: Bound, value: number): boolean => (strict ? value < bound : value <= bound);
