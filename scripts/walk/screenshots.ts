/**
 * Draws every screen of the executable at four widths in both themes into shots/, which git ignores. `--axe` lets axe look at each instead, in four
 * themes; `--longer` and `--mirrored` draw the light one in that language of lib/language.ts. Other words choose screens by their names' beginnings.
 */
import { mkdirSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
import { violationsOn } from "./axe.ts";
import { PASSWORD } from "./rest.ts";
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

type Theme = { name: string; colorScheme: "light" | "dark"; contrast: "no-preference" | "more"; sizes: typeof SIZES };
const usual = { contrast: "no-preference", sizes: SIZES } as const;
const high = { contrast: "more", sizes: SIZES.slice(0, 1) } as const;
const LIGHT: Theme = { name: language ?? "light", colorScheme: "light", ...usual };
const DARK: Theme = { name: "dark", colorScheme: "dark", ...usual };
const themes: Theme[] = forAxe
  ? [
      { ...LIGHT, sizes: SIZES.filter(({ width }) => width === 1280 || width === 390) },
      { ...DARK, sizes: SIZES.slice(0, 1) },
      { name: "light-high", colorScheme: "light", ...high },
      { name: "dark-high", colorScheme: "dark", ...high },
    ]
  : language === null
    ? [LIGHT, DARK]
    : [LIGHT];

const complaints: string[] = [];
const server = await startWalked(join(root, "dist/snug"), freePort(), PATIENT);
const browser = await chromium.launch({ executablePath: browserPath(), args: ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"] });
try {
  mkdirSync(shots, { recursive: true });
  if (names.length === 0 && !forAxe && language === null) for (const old of new Bun.Glob("*.png").scanSync(shots)) rmSync(join(shots, old));
  if (names.length === 0) await arrive(browser);
  const scene = await setScene(`http://127.0.0.1:${server.port}`, server.setup);
  for (const to of ["stranger", "ann"] as const) {
    const page = await sit(browser);
    if (to === "ann") await signInAsAnn(page, scene);
    for (const screen of wanted.filter((one) => one.to === to)) await visit(page, scene, screen);
    await page.context().close();
  }
  scene.release();
} finally {
  await browser.close();
  await server.stop();
}
console.log(complaints.length === 0 ? `${wanted.length} screens, nothing to complain of` : complaints.join("\n"));
process.exit(complaints.length === 0 ? 0 : 1);

async function sit(browser: Browser): Promise<Page> {
  const context = await browser.newContext({ locale: "en-GB", viewport: SIZES[0] ?? null });
  if (language !== null) await context.addInitScript((chosen) => localStorage.setItem("snug-language", chosen), language);
  const page = await context.newPage();
  page.on("console", (said) => said.type() === "error" && !/Failed to load|WebSocket|ERR_/u.test(said.text()) && complaints.push(said.text()));
  return page;
}

/** What there is before a second person has come, and when the server goes: one's own server, and one's own empty room. */
async function arrive(browser: Browser): Promise<void> {
  const arrival = await startWalked(join(root, "dist/snug"), freePort(), PATIENT);
  const page = await sit(browser);
  await page.goto(arrival.setup);
  await page.getByLabel("Workspace").waitFor();
  await look(page, "setup");
  await page.getByLabel("Workspace").fill("Harbour");
  await page.getByLabel("Username").fill("ann");
  await page.getByRole("textbox", { name: "Password" }).fill(PASSWORD);
  await page.getByRole("button", { name: "Make workspace" }).click();
  await page.locator(".welcome").waitFor();
  await look(page, "welcome");
  await arrival.stop();
  await page.locator(".status__line[data-state=connecting]").waitFor({ timeout: 30_000 });
  await look(page, "reconnecting");
  await page.locator(".status__line[data-state=offline]").waitFor({ timeout: 30_000 });
  await look(page, "offline");
  await page.context().close();
}

async function visit(page: Page, scene: Scene, { name, open }: Screen): Promise<void> {
  await page.setViewportSize(SIZES[0] ?? { width: 1280, height: 800 });
  await open(page, scene).catch((fault: unknown) => complaints.push(`${name}: ${String(fault).slice(0, 300)}`));
  await look(page, name);
}

/** Each theme in turn is put on the page as it stands: what is open stays open. */
async function look(page: Page, name: string): Promise<void> {
  for (const { name: theme, colorScheme, contrast, sizes } of themes) {
    await page.emulateMedia({ colorScheme, contrast });
    for (const size of sizes) {
      await page.setViewportSize(size);
      const at = `${name}, ${theme}, ${size.width}`;
      if (forAxe) complaints.push(...(await violationsOn(page)).map((one) => `${at}: ${one}`));
      else await page.screenshot({ path: join(shots, `${name}-${size.width}-${theme}.png`), animations: "disabled" });
      const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      if (over > 0) complaints.push(`${at}: ${over} px too wide`);
      for (const words of await page.evaluate(cutOff)) complaints.push(`${at}: cut off: ${words}`);
    }
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
