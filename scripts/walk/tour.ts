/** Goes through every screen of the executable, so that something can look at each. */
import { join, resolve } from "node:path";
import type { Browser, Page } from "playwright-core";
import { openBrowser } from "./browser.ts";
import { inChinese } from "./in-chinese.ts";
import { PASSWORD } from "./rest.ts";
import { PATIENT, type Scene, setScene } from "./scene.ts";
import type { Screen } from "./screen.ts";
import { screens, signInAsAnn } from "./screens.ts";
import { freePort, startWalked } from "./server.ts";

export const root = resolve(import.meta.dir, "../..");

export type Size = { width: number; height: number };
export const WIDE: Size = { width: 1280, height: 800 };
export const SIZES: readonly Size[] = [WIDE, { width: 768, height: 1024 }, { width: 390, height: 844 }, { width: 320, height: 640 }];

export type Look = {
  /** Screens whose names begin so; none for all. */
  names: readonly string[];
  /** One of lib/language.ts; null for English. */
  language: string | null;
  compact?: boolean;
  /** Gives what there is to complain of. What is open stays open, whatever size and theme are set. */
  look(page: Page, name: string, scene: Scene | null): Promise<readonly string[]>;
};

/** Gives what there was to complain of, and how many screens were seen. */
export async function tour({ names, language, compact = false, look }: Look): Promise<{ seen: number; complaints: string[] }> {
  const complaints: string[] = [];
  let seen = 0;
  const wanted = screens.filter(({ name }) => names.length === 0 || names.some((begin) => name.startsWith(begin)));
  const server = await startWalked(join(root, "dist/snug"), freePort(), PATIENT);
  const browser = await openBrowser();
  const show = async (page: Page, name: string, scene: Scene | null): Promise<void> => {
    seen += 1;
    complaints.push(...(await look(page, name, scene)));
  };
  try {
    if (names.length === 0) await arrive(browser);
    const scene = await setScene(`http://127.0.0.1:${server.port}`, server.setup);
    for (const to of ["stranger", "ann"] as const) {
      const page = await sit(browser);
      if (to === "ann") await signInAsAnn(await asked(page), scene);
      for (const screen of wanted.filter((one) => one.to === to)) await visit(page, scene, screen);
      await page.context().close();
    }
    scene.release();
  } finally {
    await browser.close();
    await server.stop();
  }
  return { seen, complaints };

  async function sit(at: Browser): Promise<Page> {
    const context = await at.newContext({ locale: "en-GB", serviceWorkers: "block", viewport: WIDE });
    if (language !== null) await context.addInitScript((chosen) => localStorage.setItem("snug-language", chosen), language);
    if (compact) await context.addInitScript(() => localStorage.setItem("snug-density", "compact"));
    const page = await context.newPage();
    page.on("console", (said) => said.type() === "error" && !/Failed to load|WebSocket|ERR_/u.test(said.text()) && complaints.push(said.text()));
    return page;
  }

  /** The page as who knows the English names asks it. */
  async function asked(page: Page): Promise<Page> {
    return language === "zh" ? await inChinese(page) : page;
  }

  async function visit(page: Page, scene: Scene, { name, open }: Screen): Promise<void> {
    await page.setViewportSize(WIDE);
    await open(await asked(page), scene).catch(async (fault: unknown) => {
      complaints.push(`${name}: ${String(fault).slice(0, 300)}`);
      await page.screenshot({ path: join(root, `shots/failed-${name}-${language ?? "en"}.png`) });
    });
    await show(page, name, scene);
  }

  /** What there is before a second person has come, and when the server goes: one's own server, and one's own empty room. */
  async function arrive(at: Browser): Promise<void> {
    const arrival = await startWalked(join(root, "dist/snug"), freePort(), PATIENT);
    const page = await sit(at);
    const hers = await asked(page);
    await page.goto(arrival.setup);
    await hers.getByLabel("Workspace").waitFor();
    await show(page, "setup", null);
    await hers.getByLabel("Workspace").fill("Harbour");
    await hers.getByLabel("Username").fill("ann");
    await hers.getByRole("textbox", { name: "Password" }).fill(PASSWORD);
    await hers.getByRole("button", { name: "Make workspace" }).click();
    await page.locator(".welcome").waitFor();
    await show(page, "welcome", null);
    await arrival.stop();
    await page.locator(".status__line[data-state=connecting]").waitFor({ timeout: 30_000 });
    await show(page, "reconnecting", null);
    await page.locator(".status__line[data-state=offline]").waitFor({ timeout: 30_000 });
    await show(page, "offline", null);
    await page.context().close();
  }
}
