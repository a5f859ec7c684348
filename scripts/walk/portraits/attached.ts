/** What people bring to the day of the tour: two pictures of the conversation itself, a log, and faces. */
import type { Browser } from "playwright-core";
import type { Said } from "./today.ts";

type Bar = { readonly height: number; readonly label: string };

/** How many messages each month has, from the first line to the last; every second year is told where it begins. */
export function byMonth(browser: Browser, lines: readonly string[]): Promise<Uint8Array> {
  const counts = countBy(lines, ({ at }) => at.slice(0, 7));
  const months = [...counts.keys()].toSorted();
  const firsts = new Map(months.toReversed().map((month) => [month.slice(0, 4), month]));
  const isLabelled = (month: string): boolean => firsts.get(month.slice(0, 4)) === month && Number(month.slice(0, 4)) % 2 === 0;
  const bars = months.map((month) => ({ height: counts.get(month) ?? 0, label: isLabelled(month) ? month.slice(0, 4) : "" }));
  return chart(browser, "Messages by month", "2004 to 2018", bars, "#2f7d86");
}

/** How many messages each hour of the day has. */
export function byHour(browser: Browser, lines: readonly string[]): Promise<Uint8Array> {
  const counts = countBy(lines, ({ at }) => at.slice(11, 13));
  const hours = [...counts.keys()].toSorted();
  const bars = hours.map((hour) => ({ height: counts.get(hour) ?? 0, label: Number(hour) % 3 === 0 ? hour : "" }));
  return chart(browser, "Messages by hour", "UTC, all years", bars, "#c98a2b");
}

/** A picture of somebody: an animal on a ground of this hue. */
export async function faceOf(browser: Browser, animal: string, hue: number): Promise<Uint8Array> {
  const ground = `oklch(0.86 0.06 ${hue})`;
  return shot(browser, 256, 256, `<div style="display:grid;place-items:center;height:256px;font-size:150px;background:${ground}">${animal}</div>`);
}

/** A text of some size. */
export const kernelLog = (): Uint8Array =>
  Buffer.from(
    Array.from({ length: 640 }, (_, i) => `[${(i * 0.013).toFixed(6).padStart(12)}] usb 2-1.${i % 8}: reset full-speed USB device`).join("\n"),
  );

function countBy(lines: readonly string[], keyOf: (said: Said) => string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const line of lines) {
    const key = keyOf(JSON.parse(line) as Said);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

async function chart(browser: Browser, title: string, subtitle: string, bars: readonly Bar[], colour: string): Promise<Uint8Array> {
  const [width, height, left, foot, head] = [720, 420, 40, 52, 104];
  const most = Math.max(...bars.map((bar) => bar.height));
  const step = (width - 2 * left) / bars.length;
  const drawn = bars.map(({ height: count, label }, i) => {
    const tall = (count / most) * (height - foot - head);
    const x = left + i * step;
    const bar = `<rect x="${x}" y="${height - foot - tall}" width="${Math.max(step - Math.min(step * 0.3, 6), 1)}" height="${tall}" rx="1.5" fill="${colour}"/>`;
    return label === "" ? bar : `${bar}<text x="${x}" y="${height - 24}" font-size="15" fill="#6b6862">${label}</text>`;
  });
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-family="system-ui, sans-serif">
    <rect width="100%" height="100%" fill="#fbf8f2"/>
    <text x="${left}" y="48" font-size="24" font-weight="600" fill="#23262b">${title}</text>
    <text x="${left}" y="74" font-size="16" fill="#6b6862">${subtitle}</text>${drawn.join("")}</svg>`;
  return shot(browser, width, height, svg);
}

async function shot(browser: Browser, width: number, height: number, html: string): Promise<Uint8Array> {
  const page = await browser.newPage({ viewport: { width, height }, deviceScaleFactor: 2 });
  await page.setContent(`<body style="margin:0">${html}</body>`);
  const bytes = await page.screenshot({ type: "png" });
  await page.close();
  return bytes;
}
