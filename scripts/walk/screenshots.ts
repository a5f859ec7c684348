/**
 * Draws every screen of the executable at four widths in both themes into shots/, which git ignores. `--longer` and `--mirrored` draw the light one
 * in that language of lib/language.ts, `--zh` both in Chinese; `--compact` stands closer. Other words choose screens by their names' beginnings.
 */
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { cutOff, tooWide } from "./layout.ts";
import { root, SIZES, tour } from "./tour.ts";

const shots = join(root, "shots");
const wishes = process.argv.slice(2);
const names = wishes.filter((wish) => !wish.startsWith("--"));
const language = ["longer", "mirrored", "zh"].find((one) => wishes.includes(`--${one}`)) ?? null;
const compact = wishes.includes("--compact");
const kind = `${language === null ? "" : `-${language}`}${compact ? "-compact" : ""}`;
const themes = (["light", "dark"] as const).slice(0, language === null || language === "zh" ? 2 : 1);

mkdirSync(shots, { recursive: true });
if (names.length === 0 && kind === "") for (const old of new Bun.Glob("*.png").scanSync(shots)) rmSync(join(shots, old));
const { seen, complaints } = await tour({ names, language, compact, look: draw });
console.log(complaints.length === 0 ? `${seen} screens, nothing to complain of` : complaints.join("\n"));
process.exit(complaints.length === 0 ? 0 : 1);

/** Each theme in turn is put on the page as it stands. */
async function draw(page: Page, name: string): Promise<string[]> {
  const found: string[] = [];
  for (const colorScheme of themes) {
    await page.emulateMedia({ colorScheme });
    for (const size of SIZES) {
      await page.setViewportSize(size);
      await page.screenshot({ path: join(shots, `${name}-${size.width}${kind}-${colorScheme}.png`), animations: "disabled" });
      const at = `${name}, ${colorScheme}, ${size.width}`;
      found.push(...[...(await tooWide(page)), ...(await cutOff(page))].map((one) => `${at}: ${one}`));
    }
  }
  return found;
}
