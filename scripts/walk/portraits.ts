/**
 * Draws the pictures of README.md and docs/tour.md from the real conversation: `bun run tour [PATH of a conversation] [NAME of a picture] ...`.
 * They are looked at before they are committed. Letters are drawn in the machine's own font, as everywhere in the page.
 */
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { type Portrait, portraits } from "./portraits/poses.ts";
import { setStage, type Stage } from "./portraits/stage.ts";
import { openBrowser } from "./browser.ts";
import { PASSWORD } from "./rest.ts";
import { CONVERSATION } from "./seeded.ts";
import { root } from "./tour.ts";

const FOLDER = join(root, "docs/tour");
const SIZES = {
  wide: { viewport: { width: 1200, height: 750 }, deviceScaleFactor: 1.5 },
  phone: { viewport: { width: 390, height: 780 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true },
} as const;
const QUALITY = 82; // letters stay sharp, and a picture is a tenth of a megabyte

const words = process.argv.slice(2);
const isPath = (word: string): boolean => /[./]/u.test(word);
const names = words.filter((word) => !isPath(word));
const faults: string[] = [];
const browser = await openBrowser(["--lang=en-GB"]);
try {
  const stage = await setStage(words.find(isPath) ?? CONVERSATION, browser);
  try {
    for (const portrait of portraits)
      if (names.length === 0 || names.includes(portrait.name))
        await draw(browser, stage, portrait).catch((fault: unknown) => faults.push(`${portrait.name}: ${String(fault)}`));
  } finally {
    await stage.stop();
  }
} finally {
  await browser.close();
}
for (const fault of faults) console.error(fault);
process.exit(faults.length === 0 ? 0 : 1);

async function draw(at: Browser, stage: Stage, { name, size, colorScheme, locale = "en-GB", as, pose }: Portrait): Promise<void> {
  const context = await at.newContext({ locale, serviceWorkers: "block", colorScheme, ...SIZES[size] });
  const page = await context.newPage();
  if (as !== null) {
    await page.goto(`${stage.origin}/sign-in`);
    await page.locator("[autocomplete=username]").fill(as);
    await page.locator("[autocomplete=current-password]").fill(PASSWORD);
    await page.keyboard.press("Enter");
    await page.locator(".shell").waitFor();
  }
  await pose(page, stage);
  await page.mouse.move(0, 0); // what the pointer lies on looks different
  const path = join(FOLDER, `${name}.webp`);
  await Bun.write(path, await new Bun.Image(await page.screenshot({ animations: "disabled" })).webp({ quality: QUALITY }).bytes());
  console.log(path);
  await context.close();
}
