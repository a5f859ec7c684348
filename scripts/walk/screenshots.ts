/**
 * Draws every screen of the executable at four widths in both themes into shots/, which git ignores. `--longer` and `--mirrored` draw the light one
 * in that language of lib/language.ts. Other words choose screens by their names' beginnings.
 */
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { cutOff, tooWide } from "./layout.ts";
import { root, SIZES, tour } from "./tour.ts";

const shots = join(root, "shots");
const wishes = process.argv.slice(2);
const names = wishes.filter((wish) => !wish.startsWith("--"));
const language = ["longer", "mirrored"].find((one) => wishes.includes(`--${one}`)) ?? null;
const themes = [
  { name: language ?? "light", colorScheme: "light" } as const,
  ...(language === null ? [{ name: "dark", colorScheme: "dark" } as const] : []),
];

mkdirSync(shots, { recursive: true });
if (names.length === 0 && language === null) for (const old of new Bun.Glob("*.png").scanSync(shots)) rmSync(join(shots, old));
const { seen, complaints } = await tour({ names, language, look: draw });
console.log(complaints.length === 0 ? `${seen} screens, nothing to complain of` : complaints.join("\n"));
process.exit(complaints.length === 0 ? 0 : 1);

/** Each theme in turn is put on the page as it stands. */
async function draw(page: Page, name: string): Promise<string[]> {
  const found: string[] = [];
  for (const { name: theme, colorScheme } of themes) {
    await page.emulateMedia({ colorScheme });
    for (const size of SIZES) {
      await page.setViewportSize(size);
      await page.screenshot({ path: join(shots, `${name}-${size.width}-${theme}.png`), animations: "disabled" });
      const at = `${name}, ${theme}, ${size.width}`;
      found.push(...[...(await tooWide(page)), ...(await cutOff(page))].map((one) => `${at}: ${one}`));
    }
  }
  return found;
}
