/** What people do in Firefox beside talking: a thread, a reaction, pictures and files, and the desk of who runs the workspace. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { ElementHandle, Page } from "puppeteer-core";
import { pngOf } from "../../server/testing/pictures.ts";
import { type Person, say, sees } from "./firefox-person.ts";
import { until } from "./server.ts";

type Feature = readonly [sentence: string, walk: (people: { ann: Person; bob: Person; origin: string; folder: string }) => Promise<void>];

/** `folder`: an empty one, where the browser saves what is downloaded. */
export const firefoxFeatures: readonly Feature[] = [
  [
    "in Firefox bob answers in a thread, and ann reads it beside the room",
    async ({ ann, bob }) => {
      await say(ann, "who brings the boat?");
      await sees(bob, "who brings the boat?");
      await bob.page.bringToFront();
      await (await rowOf(bob, "who brings the boat?")).evaluate((row) => row.focus());
      await bob.page.keyboard.press("t");
      await bob.page.waitForSelector("#thread-composer");
      await bob.page.focus("#thread-composer"); // it goes there by itself where there is a mouse, and here there is none
      await bob.page.keyboard.type("I do");
      await bob.page.keyboard.press("Enter");
      await ann.page.bringToFront();
      await clickIn(ann, "who brings the boat?", "1 reply");
      await until(async () => (await inThread(ann)).includes("I do"), "ann reads the answer in the thread");
      for (const { page } of [ann, bob]) {
        await page.bringToFront();
        await page.evaluate(() => document.querySelector<HTMLElement>("#thread .details__head button")?.click());
        await until(() => page.evaluate(() => document.querySelector("#thread") === null), "the thread is closed");
      }
    },
  ],
  [
    "in Firefox a reaction is counted on both screens, and taken back",
    async ({ ann, bob }) => {
      await bob.page.bringToFront();
      await (await rowOf(bob, "who brings the boat?")).hover();
      await clickIn(bob, "who brings the boat?", "React with 👍");
      await reads(ann, "who brings the boat?", "1 false");
      await ann.page.bringToFront();
      await pressReaction(ann, "who brings the boat?");
      await reads(bob, "who brings the boat?", "2 true");
      await pressReaction(ann, "who brings the boat?");
      await reads(bob, "who brings the boat?", "1 true");
    },
  ],
  [
    "in Firefox ann sends a picture and a note; bob sees the one, and saves the other by the browser itself",
    async ({ ann, bob, folder }) => {
      await ann.page.bringToFront();
      await Bun.write(join(folder, "given/high.png"), pngOf(900, 300));
      await Bun.write(join(folder, "given/tide.txt"), "03:12 high, 09:40 low");
      const picker = (await ann.page.waitForSelector(".room [type=file]")) as ElementHandle<HTMLInputElement> | null; // what that selector finds
      await picker?.uploadFile(join(folder, "given/high.png"), join(folder, "given/tide.txt"));
      await until(() => ann.page.evaluate(() => document.querySelectorAll('.tray__item[data-state="stored"]').length === 2), "both are up");
      await say(ann, "the tide of today");
      await bob.page.bringToFront();
      await sees(bob, "the tide of today");
      await until(
        () => bob.page.evaluate(() => [...document.querySelectorAll<HTMLImageElement>(".files img")].some(({ naturalWidth }) => naturalWidth > 0)),
        "the picture is drawn",
      );
      await clickIn(bob, "the tide of today", "Download tide.txt");
      const saved = (): boolean => readdirSync(folder).includes("tide.txt");
      await until(async () => saved() && (await Bun.file(join(folder, "tide.txt")).text()) === "03:12 high, 09:40 low", "the note is saved");
      await sees(bob, "the tide of today"); // and the page is where it was
    },
  ],
  [
    "in Firefox ann, who runs the workspace, finds bob among its members and makes an invitation",
    async ({ ann: { page }, origin }) => {
      await page.bringToFront();
      const before = page.url();
      await page.goto(`${origin}/workspace/members`);
      await until(() => page.evaluate(() => document.querySelector("main")?.textContent?.includes("bob") === true), "bob is in the list");
      await page.goto(`${origin}/workspace/invites`);
      await clickOn(page, "Make an invitation");
      await until(() => page.evaluate(() => document.body.innerText.includes("Your invitation")), "the link is shown");
      await page.goto(before);
      await page.waitForSelector("#composer");
    },
  ],
];

/** The list's row that says this. */
async function rowOf({ page, name }: Person, text: string): Promise<ElementHandle<HTMLElement>> {
  const found = async (): Promise<ElementHandle<HTMLElement> | null> => {
    const handle = await page.evaluateHandle((words) => {
      const rows = [...document.querySelectorAll<HTMLElement>("#messages article")]; // what quotes it says something else
      return rows.findLast((row) => row.querySelector<HTMLElement>(".message__text")?.innerText.startsWith(words) === true) ?? null;
    }, text);
    return handle.asElement() as ElementHandle<HTMLElement> | null; // what that question finds
  };
  await until(async () => (await found()) !== null, `${name} has a row "${text}"`);
  const row = await found();
  if (!row) throw new Error(`${name}'s row "${text}" went`);
  return row;
}

/** Presses the button of that name in the row, once it is there. */
async function clickIn(person: Person, text: string, name: string): Promise<void> {
  const press = async (): Promise<boolean> =>
    (await rowOf(person, text)).evaluate((row, label) => {
      const button = [...row.querySelectorAll("button")].find((one) => (one.ariaLabel ?? one.innerText).includes(label));
      button?.click();
      return button !== undefined;
    }, name);
  await until(press, `${person.name} presses "${name}"`);
}

const clickOn = (page: Page, name: string): Promise<void> =>
  until(
    () =>
      page.evaluate((label) => {
        const shown = [...document.querySelectorAll("button")].filter((one) => one.checkVisibility()); // dialogs that are closed have buttons, too
        const button = shown.find((one) => (one.ariaLabel ?? one.innerText).includes(label));
        button?.click();
        return button !== undefined;
      }, name),
    `"${name}" is pressed`,
  );

const inThread = ({ page }: Person): Promise<string> => page.evaluate(() => document.querySelector<HTMLElement>("#thread")?.innerText ?? "");

const pressReaction = async (person: Person, text: string): Promise<void> =>
  (await rowOf(person, text)).evaluate((row) => row.querySelector<HTMLElement>(".reaction")?.click());

/** How many have reacted, and whether who looks is among them. */
const reads = (person: Person, text: string, told: string): Promise<void> =>
  until(
    async () =>
      (await (
        await rowOf(person, text)
      ).evaluate((row) => {
        const chip = row.querySelector(".reaction");
        return `${chip?.querySelector(".reaction__count")?.textContent} ${chip?.ariaPressed}`;
      })) === told,
    `${person.name} reads ${told}`,
  );
