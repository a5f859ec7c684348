/** A person at a browser: what they do on the page, by the words and roles that are on it. */
import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { PASSWORD } from "./rest.ts";
import { until } from "./server.ts";

export type Person = { name: string; page: Page; context: BrowserContext; complaints: string[] };

const complaintsByBrowser = new WeakMap<Browser, string[]>();

/** What any page of anybody in this browser has said that none must say, with whose it was. */
export function complaintsIn(browser: Browser): string[] {
  const known = complaintsByBrowser.get(browser) ?? [];
  complaintsByBrowser.set(browser, known);
  return known;
}

/** What a page must never say by itself: errors of script, refused by policy, asked of another host. */
export async function sit(browser: Browser, name: string, origin: () => string, device: BrowserContextOptions = {}): Promise<Person> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: "en-GB", serviceWorkers: "block", ...device });
  const complaints: string[] = [];
  const complain = (words: string): void => {
    complaints.push(words);
    complaintsIn(browser).push(`${name}: ${words}`);
  };
  await context.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => console.error(`CSP ${event.violatedDirective} ${event.blockedURI}`));
  });
  const listen = (page: Page): void => {
    page.on("pageerror", (fault) => {
      // A tab that is closed in the middle of storing says so on its way out; what it had not stored it never showed.
      if (!fault.message.includes("database connection is closing")) complain(fault.message);
    });
    page.on("console", (said) => {
      // What the browser says of an answer that is no 2xx, of a network that we broke, or of a header that plain http makes void, is not the page's fault.
      const ours = !/Failed to load resource|WebSocket connection|net::ERR|Cross-Origin-Opener-Policy header has been ignored/u.test(said.text());
      if (said.type() === "error" && ours) complain(said.text());
    });
    page.on("request", (request) => {
      const url = request.url();
      if (/^https?:/u.test(url) && new URL(url).origin !== origin()) complain(`asked ${url}`);
    });
  };
  context.on("page", listen);
  await slow(context);
  return { name, context, page: await context.newPage(), complaints };
}

let turn = Number(process.env["SNUG_WALK_SLOW"] ?? 0);

/** `SNUG_WALK_SLOW=seed` lets each answer come late, by up to 400 ms: a step that raced then fails. */
async function slow(context: BrowserContext): Promise<void> {
  if (turn === 0) return;
  await context.route("**/*", async (route) => {
    turn = (turn * 48_271) % 2_147_483_647;
    await Bun.sleep(turn % 5 === 0 ? 400 : turn % 60);
    await route.fallback();
  });
}

/** Somebody who comes for a moment: their browser is closed whatever happens. */
export async function aside<T>(
  browser: Browser,
  name: string,
  origin: string,
  work: (person: Person) => Promise<T>,
  device?: BrowserContextOptions,
): Promise<T> {
  const person = await sit(browser, name, () => origin, device);
  try {
    return await work(person);
  } finally {
    await person.context.close();
  }
}

export async function signUp({ page }: Person, link: string, name: string, button: "Make workspace" | "Create account"): Promise<void> {
  await page.goto(link);
  if (button === "Make workspace") await page.getByLabel("Workspace").fill("Harbour");
  await enter(page, name, button);
  await inRoom(page);
}

export async function signIn({ page }: Person, link: string, name: string): Promise<void> {
  await page.goto(link);
  await enter(page, name, "Sign in");
  await inRoom(page);
}

/** Fills in name and password, and presses the button. */
export async function enter(page: Page, name: string, button: string, password = PASSWORD): Promise<void> {
  await page.getByLabel("Username").fill(name);
  await page.getByRole("textbox", { name: "Password" }).fill(password);
  await page.getByRole("button", { name: button }).click();
}

export const inRoom = (page: Page): Promise<void> => page.getByRole("heading", { name: "#general" }).waitFor({ timeout: 15_000 });
export const composer = (page: Page) => page.getByRole("textbox", { name: "Message #general" });

export async function say({ page }: Person, text: string): Promise<void> {
  await composer(page).fill(text);
  await composer(page).press("Enter");
}

/** The messages on the screen, as their text, in order; those that are not stored yet included. */
export const texts = ({ page }: Person): Promise<string[]> => page.locator(".message__text").allInnerTexts();

export const sees = (person: Person, text: string): Promise<void> =>
  until(async () => (await texts(person)).some((one) => one.startsWith(text)), `${person.name} sees "${text}"`);

/** Their own message is on their screen once, and the server has it. */
export const isStored = ({ name, page }: Person, text: string): Promise<void> =>
  until(async () => (await page.locator("[data-seq]", { hasText: text }).count()) === 1, `"${text}" is stored, as ${name} sees it`);

/** Where the room that is open is called so. */
export const inside = (page: Page, title: string): Promise<void> => page.locator("#room-name", { hasText: title }).waitFor();

/** Goes to a room by its row in the sidebar. */
export async function goTo(page: Page, name: string, title = `#${name}`): Promise<void> {
  await page.getByRole("navigation").getByRole("link", { name }).click();
  await inside(page, title);
}

/** These messages are on the screen of each of them, once and in this order. */
export async function onceInOrder(people: readonly Person[], expected: readonly string[]): Promise<void> {
  for (const person of people) {
    const settled = async (): Promise<boolean> => {
      const seen = (await texts(person)).filter((text) => expected.includes(text));
      return JSON.stringify(seen) === JSON.stringify(expected);
    };
    await until(settled, `${person.name} sees ${expected.length} messages once each and in order`).catch(async (fault: unknown) => {
      throw new Error(`${String(fault)}: ${JSON.stringify((await texts(person)).slice(-20))}`);
    });
  }
}

export async function invite({ page }: Person): Promise<string> {
  await fromMenu(page, "Invite people");
  await page.getByRole("button", { name: "Make an invitation link" }).click();
  const link = await page.getByLabel("Invitation link").inputValue();
  await page.getByRole("dialog").getByRole("button", { name: "Close" }).click();
  return link;
}

/** Chooses from the menu of the workspace. */
export async function fromMenu(page: Page, words: string): Promise<void> {
  await page.getByRole("button", { name: /^Harbour/u }).click();
  await page.getByRole("menuitem", { name: words }).click();
}
