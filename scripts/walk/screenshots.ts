/**
 * Draws every screen of the executable at four widths in both themes into shots/, which git ignores. `--axe` lets axe look at each instead, in four
 * themes; `--longer` and `--mirrored` draw the light one in that language of lib/language.ts. Other words choose screens by their names' beginnings.
 */
import { mkdirSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
import { violationsOn } from "./axe.ts";
import { PATIENT, type Scene, setScene } from "./scene.ts";
import { type Screen, screens, signInAsAnn } from "./screens.ts";
import { chromium as browserPath } from "./chromium.ts";
import { freePort, startWalked } from "./server.ts";

const root = resolve(import.meta.dir, "../..");
const shots = join(root, "shots");
const SIZES = [
  { width: 1280, height: 800 },
  { width: 768, height: 1024 },
  { width: 390, height: 844 },
  { width: 320, height: 640 },
];

const wishes = process.argv.slice(2);
const names = wishes.filter((wish) => !wish.startsWith("--"));
const forAxe = wishes.includes("--axe");
const language = ["longer", "mirrored"].find((one) => wishes.includes(`--${one}`)) ?? null;
const wanted = screens.filter(({ name }) => names.length === 0 || names.some((begin) => name.startsWith(begin)));

const complaints: string[] = [];
const server = await startWalked(join(root, "dist/snug"), freePort(), PATIENT);
const browser = await chromium.launch({ executablePath: browserPath(), args: ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"] });
try {
  mkdirSync(shots, { recursive: true });
  if (names.length === 0 && !forAxe && language === null) for (const old of new Bun.Glob("*.png").scanSync(shots)) rmSync(join(shots, old));
  if (names.length === 0 && !forAxe && language === null) await drawArrival(browser);
  const scene = await setScene(`http://127.0.0.1:${server.port}`, server.setup);
  for (const colorScheme of language === null ? (["light", "dark"] as const) : (["light"] as const)) {
    for (const contrast of forAxe ? (["no-preference", "more"] as const) : (["no-preference"] as const)) {
      await drawAll(browser, scene, colorScheme, contrast);
    }
  }
  scene.release();
} finally {
  await browser.close();
  await server.stop();
}
console.log(complaints.length === 0 ? `${wanted.length} screens, nothing to complain of` : complaints.join("\n"));
process.exit(complaints.length === 0 ? 0 : 1);

/** The two screens there are before anybody has come: one's own server, and one's own empty room. */
async function drawArrival(browser: Browser): Promise<void> {
  for (const colorScheme of ["light", "dark"] as const) {
    const arrival = await startWalked(join(root, "dist/snug"), freePort(), PATIENT);
    const page = await (await browser.newContext({ colorScheme, locale: "en-GB" })).newPage();
    await page.goto(arrival.setup);
    await draw(page, "setup", colorScheme);
    await page.getByLabel("Workspace").fill("Harbour");
    await page.getByLabel("Username").fill("ann");
    await page.getByRole("textbox", { name: "Password" }).fill("a horse, a battery");
    await page.getByRole("button", { name: "Make workspace" }).click();
    await page.locator(".welcome").waitFor();
    await draw(page, "welcome", colorScheme);
    await arrival.stop();
    await page.locator(".status__line").waitFor({ timeout: 30_000 });
    await draw(page, "reconnecting", colorScheme);
    await page.locator(".status__line[data-state=offline]").waitFor({ timeout: 30_000 });
    await draw(page, "offline", colorScheme);
    await page.reload().catch(() => undefined);
    await page.context().close();
  }
}

async function drawAll(browser: Browser, scene: Scene, colorScheme: "light" | "dark", contrast: "no-preference" | "more"): Promise<void> {
  for (const to of ["stranger", "ann"] as const) {
    const context = await browser.newContext({ colorScheme, contrast, locale: "en-GB", viewport: SIZES[0] ?? null });
    if (language !== null) await context.addInitScript((chosen) => localStorage.setItem("snug-language", chosen), language);
    const page = await context.newPage();
    page.on("console", (said) => said.type() === "error" && !said.text().includes("Failed to load") && complaints.push(said.text()));
    if (to === "ann") await signInAsAnn(page, scene);
    for (const screen of wanted.filter((one) => one.to === to))
      await visit(page, scene, screen, `${language ?? colorScheme}${contrast === "more" ? "-high" : ""}`);
    await context.close();
  }
}

async function visit(page: Page, scene: Scene, { name, open }: Screen, theme: string): Promise<void> {
  await page.setViewportSize(SIZES[0] ?? { width: 1280, height: 800 });
  await open(page, scene).catch((fault: unknown) => complaints.push(`${name}, ${theme}: ${String(fault).slice(0, 300)}`));
  if (!forAxe) return draw(page, name, theme);
  for (const size of theme === "light" ? [SIZES[0], SIZES[2]] : [SIZES[0]]) {
    if (size) await page.setViewportSize(size);
    complaints.push(...(await violationsOn(page)).map((one) => `${name}, ${theme}, ${size?.width}: ${one}`));
  }
}

async function draw(page: Page, name: string, theme: string): Promise<void> {
  for (const size of SIZES) {
    await page.setViewportSize(size);
    await page.screenshot({ path: join(shots, `${name}-${size.width}-${theme}.png`), animations: "disabled" });
    const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    if (over > 0) complaints.push(`${name}, ${theme}: ${over} px too wide at ${size.width}`);
    for (const words of await page.evaluate(cutOff)) complaints.push(`${name}, ${theme}, ${size.width}: cut off: ${words}`);
  }
}

/** Words of buttons and labels that do not fit into them. What may be long by itself, a name, ends in "…" and is no button's only word. */
function cutOff(): string[] {
  const tight = [...document.querySelectorAll<HTMLElement>(".button, .menu__item, .field__label, .dialog__title, .link, .switch, legend, dt")];
  return tight
    .filter(
      (one) =>
        one.checkVisibility() &&
        one.closest(".hidden") === null &&
        (one.scrollWidth > one.clientWidth + 1 || one.getBoundingClientRect().right > innerWidth + 1),
    )
    .filter((one) => getComputedStyle(one).display !== "inline")
    .map((one) => one.textContent ?? "");
}
