/**
 * Draws the pictures of the README from the real conversation: `bun run portraits [PATH]`. They are looked at before they are committed.
 * Each shows the same page at the same message, so that a change of the page is what differs.
 */
import { join, resolve } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
import { chromium as browserPath } from "./chromium.ts";
import { CONVERSATION, type Seeded, startSeeded } from "./seeded.ts";
import { root } from "./tour.ts";

const LINE = 152_919; // somebody is about to mess things up quite a bit, and is told how not to
const CHANNELS = ["desktop", "hardware", "lounge", "servers"];

type Portrait = {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly colorScheme: "light" | "dark";
  readonly pose: (page: Page) => Promise<void>;
};

const portraits: readonly Portrait[] = [
  { name: "room", width: 1280, height: 800, colorScheme: "light", pose: async () => {} },
  { name: "details", width: 1280, height: 800, colorScheme: "dark", pose: (page) => page.getByRole("button", { name: /Details/u }).click() },
  { name: "phone", width: 390, height: 844, colorScheme: "light", pose: async () => {} },
  {
    name: "switcher",
    width: 390,
    height: 844,
    colorScheme: "dark",
    async pose(page) {
      await page.keyboard.press("Control+k");
      await page.keyboard.type("cor");
      await page.getByRole("option").first().waitFor();
    },
  },
];

const seeded = await startSeeded(join(root, "dist/snug"), process.argv[2] ?? CONVERSATION, "ubuntu", CHANNELS);
await settle(seeded);
const browser = await chromium.launch({ executablePath: browserPath(), args: ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"] });
try {
  for (const portrait of portraits) await draw(browser, seeded, portrait);
} finally {
  await browser.close();
  await seeded.stop();
}

/** The reader is in every channel, and has begun to talk with two people. */
async function settle({ ask }: Seeded): Promise<void> {
  for (const { id, name } of (await ask("GET", "/rooms?scope=public")).items ?? [])
    if (CHANNELS.includes(name ?? "")) await ask("PUT", `/rooms/${id}/members/me`, {});
  const people = (await ask("GET", "/users?limit=200")).items ?? [];
  for (const i of [17, 42]) await ask("POST", "/rooms", { type: "dm", user_ids: [people[i]?.id] });
}

async function draw(at: Browser, { origin, username, password, long }: Seeded, { name, pose, colorScheme, ...viewport }: Portrait): Promise<void> {
  const context = await at.newContext({ locale: "en-GB", serviceWorkers: "block", viewport, colorScheme, deviceScaleFactor: 2 });
  const page = await context.newPage();
  await page.goto(`${origin}/sign-in`);
  await page.getByLabel("Username").fill(username);
  await page.getByRole("textbox", { name: "Password" }).fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.locator("#room-name").waitFor();
  await page.goto(`${origin}/r/${long.id}/${LINE}`);
  await page.locator(`.message[data-seq="${LINE}"][data-marked="false"]`).waitFor(); // the mark of the address has gone
  await pose(page);
  const path = resolve(root, `docs/${name}.png`);
  await page.screenshot({ path, animations: "disabled" });
  console.log(path);
  await context.close();
}
