/** When the page has painted something, told by the page itself. */
import type { Page } from "playwright-core";
import { until } from "./server.ts";

declare global {
  interface Window {
    figures: {
      /** Resolves when as many are painted, with the time since the page began. */
      shown(selector: string, count: number): Promise<number>;
      /** The same, with the time since the next click or key. */
      sinceDone(selector: string, count: number): Promise<number>;
      frame(): Promise<number>;
    };
  }
}

/** Runs in the page. A frame's painting has ended when the message that it posts at its beginning is heard. */
export function watchPaints(): void {
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
  const shown = async (selector: string, count: number): Promise<number> => {
    for (;;) {
      let isThere = false;
      requestAnimationFrame(() => void (isThere = document.querySelectorAll(selector).length >= count));
      const end = await frame();
      if (isThere) return end;
    }
  };
  const sinceDone = async (selector: string, count: number): Promise<number> => {
    done_at = Number.NaN;
    while (Number.isNaN(done_at)) await frame();
    return (await shown(selector, count)) - done_at;
  };
  window.figures = { shown, sinceDone, frame };
}

export async function painted(page: Page, selector: string, count: number, act: () => Promise<unknown>): Promise<number> {
  const measured = page.evaluate(([what, many]) => window.figures.sinceDone(what, many), [selector, count] as const);
  await act();
  return measured;
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
