/** A person at a browser: what they do on the page, by the words and roles that are on it. */
import type { Browser, BrowserContext, Page } from "playwright-core";
import { until } from "./server.ts";

export type Person = { name: string; page: Page; context: BrowserContext; complaints: string[] };

/** What a page must never say by itself: errors of script, refused by policy, asked of another host. */
export async function sit(browser: Browser, name: string, origin: () => string): Promise<Person> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: "en-GB" });
  const complaints: string[] = [];
  await context.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => console.error(`CSP ${event.violatedDirective} ${event.blockedURI}`));
  });
  const listen = (page: Page): void => {
    page.on("pageerror", (fault) => {
      // A tab that is closed in the middle of storing says so on its way out; what it had not stored it never showed.
      if (!fault.message.includes("database connection is closing")) complaints.push(fault.message);
    });
    page.on("console", (said) => {
      // What the browser says of an answer that is no 2xx, of a network that we broke, or of a header that plain http makes void, is not the page's fault.
      const ours = !/Failed to load resource|WebSocket connection|net::ERR|Cross-Origin-Opener-Policy header has been ignored/u.test(said.text());
      if (said.type() === "error" && ours) complaints.push(said.text());
    });
    page.on("request", (request) => {
      const url = request.url();
      if (/^https?:/u.test(url) && new URL(url).origin !== origin()) complaints.push(`asked ${url}`);
    });
  };
  context.on("page", listen);
  return { name, context, page: await context.newPage(), complaints };
}

export async function signUp({ page }: Person, link: string, name: string, button: "Make workspace" | "Create account"): Promise<void> {
  await page.goto(link);
  if (button === "Make workspace") await page.getByLabel("Workspace").fill("Harbour");
  await page.getByLabel("Username").fill(name);
  await page.getByRole("textbox", { name: "Password" }).fill("a horse, a battery");
  await page.getByRole("button", { name: button }).click();
  await inRoom(page);
}

export async function signIn({ page }: Person, link: string, name: string): Promise<void> {
  await page.goto(link);
  await page.getByLabel("Username").fill(name);
  await page.getByRole("textbox", { name: "Password" }).fill("a horse, a battery");
  await page.getByRole("button", { name: "Sign in" }).click();
  await inRoom(page);
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
