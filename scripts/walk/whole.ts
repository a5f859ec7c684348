/** The step of the walk that meets a whole room, from its middle. */
import type { Page } from "playwright-core";
import type { Library } from "./history.ts";
import { isInView, lastHeld, scrollUntil } from "./rows.ts";
import { until } from "./server.ts";

export const ROWS_MAX = 400;

export async function meetAll({ ann: { page }, room_id, last_seq }: Library): Promise<void> {
  const middle = last_seq >> 1;
  await page.goto(new URL(`/r/${room_id}/${middle}`, page.url()).href);
  const row = page.locator(`.message[data-seq="${middle}"]`);
  await page.locator(`.message[data-seq="${middle}"][data-marked="true"]`).waitFor();
  if (!(await isInView(page, middle))) throw new Error("it is out of view");
  await until(async () => (await row.getAttribute("data-marked")) === "false", "the mark goes");
  await watchRows(page);
  const limit_ms = 60_000 + last_seq * 10; // a person would need a day for what takes minutes here
  await scrollUntil(page, 0, async () => (await page.locator(".beginning").count()) === 1, limit_ms);
  await scrollUntil(page, Number.MAX_SAFE_INTEGER, async () => (await lastHeld(page)) > last_seq, limit_ms);
  const { met, most, twice } = await page.evaluate((): { met: number; most: number; twice: number } => Reflect.get(window, "walkRows")());
  if (met < last_seq || most > ROWS_MAX || twice > 0) throw new Error(`met ${met} of ${last_seq}, ${most} at once, ${twice} twice`);
}

/** Counts, in the page, which rows were ever there, how many at once, and how often one stood there twice or out of order. */
async function watchRows(page: Page): Promise<void> {
  await page.evaluate(() => {
    const met = new Set<string>();
    let most = 0;
    let twice = 0;
    const look = (): void => {
      const seqs = [...document.querySelectorAll<HTMLElement>(".message[data-seq]")].map(({ dataset }) => Number(dataset["seq"]));
      most = Math.max(most, seqs.length);
      if (seqs.some((seq, i) => seq <= (seqs[i - 1] ?? 0))) twice += 1;
      for (const seq of seqs) met.add(String(seq));
    };
    look();
    new MutationObserver(look).observe(document.querySelector(".messages__list") ?? document.body, { childList: true });
    Reflect.set(window, "walkRows", () => ({ met: met.size, most, twice }));
  });
}
