/** When the page has painted something, told by the page itself. */
import type { Page } from "playwright-core";
import { until } from "./server.ts";

declare global {
  interface Window {
    figures: {
      /** Resolves when as many are painted, with the time since the page began. */
      shown(selector: string, count: number): Promise<number>;
      /** The same, with the time since the first click or key after `forget`. */
      sinceDone(selector: string, count: number): Promise<number>;
      forget(): void;
      /** Resolves when something has been painted that is so. */
      until(holds: () => boolean, what: string): Promise<number>;
      frame(): Promise<number>;
    };
  }
}

/**
 * Runs in the page. A frame's painting has ended when the message that it posts at its beginning is heard. What does not come within a minute is an error
 * that says what it was: a press that never reached the page, or a page that is not painted any more because something lies over its window.
 */
export function watchPaints(): void {
  const PATIENCE_MS = 60_000;
  let done_at = Number.NaN;
  for (const type of ["click", "keydown"]) addEventListener(type, (event) => void (done_at = event.timeStamp), { capture: true });
  const frame = (): Promise<number> =>
    new Promise((resolve) =>
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => resolve(performance.now());
        port2.postMessage(null);
      }),
    );
  const until = (holds: () => boolean, what: string): Promise<number> =>
    new Promise((resolve, reject) => {
      let isLate = false;
      const late = setTimeout(() => {
        isLate = true;
        reject(new Error(`not within ${PATIENCE_MS / 1_000} s: ${what}; the page is ${document.visibilityState}`));
      }, PATIENCE_MS);
      const look = async (): Promise<void> => {
        let isSo = false;
        requestAnimationFrame(() => void (isSo = holds()));
        const end = await frame();
        if (!isSo) return isLate ? undefined : look();
        clearTimeout(late);
        resolve(end);
      };
      look().catch(reject);
    });
  const shown = (selector: string, count: number): Promise<number> =>
    until(() => document.querySelectorAll(selector).length >= count, `${count} of ${selector}`);
  const sinceDone = async (selector: string, count: number): Promise<number> => {
    await until(() => !Number.isNaN(done_at), `the click or key after which ${selector} is there`);
    return (await shown(selector, count)) - done_at;
  };
  window.figures = { shown, sinceDone, forget: () => void (done_at = Number.NaN), until, frame };
}

export async function painted(page: Page, selector: string, count: number, act: () => Promise<unknown>): Promise<number> {
  await page.evaluate(() => window.figures.forget()); // before, because the press may come before the waiting begins
  const measured = page.evaluate(([what, many]) => window.figures.sinceDone(what, many), [selector, count] as const);
  const [taken] = await Promise.all([measured, act()]);
  return taken;
}

/** Until the page has nothing more to do of its own: acks and presence after an opening. */
export const rest = (page: Page): Promise<void> =>
  until(
    () =>
      page.evaluate(async () => {
        const from = performance.now();
        for (let i = 0; i < 10; i += 1) await window.figures.frame();
        return performance.now() - from < 300;
      }),
    "the page rests",
  );
