/** A person at Firefox: the same words and places as in person.ts, by the other browser's driver. */
import type { Browser, Page } from "puppeteer-core";
import { PASSWORD } from "./rest.ts";
import { type Row, STILL_PX } from "./rows.ts";
import { until } from "./server.ts";

export type Person = { name: string; page: Page };

/** What a page must never say by itself: errors of script, refused by policy. */
export const complaints: string[] = [];

export async function sit(at: Browser, name: string): Promise<Person> {
  const page = await (await at.createBrowserContext()).newPage();
  await page.setViewport({ width: 1280, height: 800 });
  return { name, page: await listened(page) };
}

export async function listened(page: Page): Promise<Page> {
  const note = (words: string): void => {
    // What the browser says of a network that we broke, of a picture still on its way when we left, or of a header that plain http makes void, is not the page's fault.
    if (!/NetworkError|A ServiceWorker intercepted|WebSocket|can’t establish a connection|Cross-Origin|was interrupted|NS_ERROR/u.test(words))
      complaints.push(words);
  };
  page.on("pageerror", (fault) => note(String(fault)));
  page.on("console", (said) => said.type() === "error" && note(said.text()));
  return page;
}

export async function fill(page: Page, selector: string, text: string): Promise<void> {
  await page.waitForSelector(selector);
  await page.focus(selector);
  await page.keyboard.type(text);
}

export async function enter(page: Page, name: string): Promise<void> {
  await fill(page, "input[name=username][type=text]", name);
  await fill(page, "input[name=password]", PASSWORD);
  await page.keyboard.press("Enter");
}

export const inRoom = (page: Page, title: string): Promise<void> =>
  until(() => page.evaluate((name) => document.querySelector("#room-name")?.textContent === name, title), `${title} is open`);

export async function byLink(page: Page, name: string): Promise<void> {
  await page.evaluate(
    (room) => [...document.querySelectorAll<HTMLElement>("nav a")].find(({ textContent }) => textContent.includes(room))?.click(),
    name,
  );
  await inRoom(page, `#${name}`);
}

export async function say({ page }: Person, text: string): Promise<void> {
  await page.focus("#composer");
  await page.keyboard.type(text);
  await page.keyboard.press("Enter");
}

export const texts = ({ page }: Person): Promise<string[]> =>
  page.evaluate(() => [...document.querySelectorAll<HTMLElement>(".message__text")].map(({ innerText }) => innerText.trim()));

export const sees = (person: Person, text: string): Promise<void> =>
  until(async () => (await texts(person)).some((one) => one.startsWith(text)), `${person.name} sees "${text}"`);

export async function press(page: Page, modifier: "Alt" | "Control" | "Shift", key: "a" | "k" | "ArrowUp" | "F6"): Promise<void> {
  await page.keyboard.down(modifier);
  await page.keyboard.press(key);
  await page.keyboard.up(modifier);
}

export const scrollTo = (page: Page, top: number): Promise<void> =>
  page.evaluate((to) => {
    const list = document.querySelector("#messages");
    if (list) list.scrollTop = to;
  }, top);

export async function unmoved(page: Page, { seq, top }: Row): Promise<void> {
  const now = await page.evaluate((key) => document.querySelector(`.message[data-seq="${key}"]`)?.getBoundingClientRect().top ?? Number.NaN, seq);
  if (!(Math.abs(now - top) <= STILL_PX)) throw new Error(`message ${seq} moved from ${top} to ${now}`);
}
