/**
 * Looks at every screen: axe in four themes, sideways scrolling down to 400 % zoom, and the two languages that only tests speak, in which what is not
 * in the catalogue shows, and what has no room for longer words or for the other direction.
 * `--axe` and `--languages` do one of both; other words choose screens by their names' beginnings.
 */
import type { Page } from "playwright-core";
import type { List, Room, User } from "../../server/protocol.ts";
import { openReport } from "../check/report.ts";
import { violationsOn } from "./axe.ts";
import { cutOff, overlaps, tooWide } from "./layout.ts";
import { askerOf } from "./rest.ts";
import type { Scene } from "./scene.ts";
import { CALLED_ON_DESK } from "./screens-of-keys.ts";
import { type Look, type Size, tour, WIDE } from "./tour.ts";
import { foreignWords } from "./translated.ts";

const PHONE: Size = { width: 390, height: 844 };
const SMALL: Size = { width: 320, height: 640 };
const ZOOMED: Size = { width: 320, height: 256 }; // 1280 by 1024 at 400 %

// A theme is colours (styles/tokens.css): what the other rules look at is the same in all four.
type Theme = { name: string; rules: "all" | "colours"; colorScheme: "light" | "dark"; contrast: "no-preference" | "more"; sizes: readonly Size[] };
const themes: readonly Theme[] = [
  { name: "light", rules: "all", colorScheme: "light", contrast: "no-preference", sizes: [WIDE, PHONE] },
  { name: "dark", rules: "colours", colorScheme: "dark", contrast: "no-preference", sizes: [WIDE] },
  { name: "light, high contrast", rules: "colours", colorScheme: "light", contrast: "more", sizes: [WIDE] },
  { name: "dark, high contrast", rules: "colours", colorScheme: "dark", contrast: "more", sizes: [WIDE] },
];

const written = new Map<string, readonly string[]>(); // by origin, what the scene's people have called things
const wishes = process.argv.slice(2);
const names = wishes.filter((wish) => !wish.startsWith("--"));
const report = openReport("screens");
const inspections: Promise<boolean>[] = []; // beside each other: axe computes, and the languages mostly wait for a page
if (!wishes.includes("--languages")) {
  const sentence = "38. axe finds nothing on any screen in four themes; 320 pixels and 400 % zoom do not scroll sideways";
  inspections.push(tell(sentence, [{ language: null, look: byAxe }]));
}
if (!wishes.includes("--axe")) {
  const sentence = "40. in the longer and the mirrored language every string is translated, and nothing is cut off or overlaps";
  const tours = [
    { language: "longer", look: byLayout },
    { language: "mirrored", look: byLanguage },
  ];
  inspections.push(tell(sentence, tours));
}
process.exit((await Promise.all(inspections)).every((one) => one) ? 0 : 1);

async function tell(sentence: string, tours: readonly Pick<Look, "language" | "look">[]): Promise<boolean> {
  const complaints: string[] = [];
  let screens = 0;
  for (const one of tours) {
    const { seen, complaints: more } = await tour({ names, ...one });
    complaints.push(...more);
    screens += seen;
  }
  report.add(sentence, complaints.length === 0 ? null : complaints.join("\n"));
  console.log(complaints.length === 0 ? `ok     ${sentence}: ${screens} screens` : `FAILED ${sentence}:\n${complaints.join("\n")}`);
  return complaints.length === 0;
}

/** Each theme in turn is put on the page as it stands: what is open stays open. */
async function byAxe(page: Page, name: string): Promise<string[]> {
  const faults: string[] = [];
  for (const { name: theme, rules, colorScheme, contrast, sizes } of themes) {
    await page.emulateMedia({ colorScheme, contrast });
    for (const size of sizes) {
      await page.setViewportSize(size);
      const at = `${name}, ${theme}, ${size.width}`;
      faults.push(...[...(await violationsOn(page, rules)), ...(await tooWide(page)), ...(await cutOff(page))].map((one) => `${at}: ${one}`));
    }
  }
  await page.emulateMedia({ colorScheme: "light", contrast: "no-preference" });
  for (const size of [SMALL, ZOOMED]) {
    await page.setViewportSize(size);
    faults.push(...(await tooWide(page)).map((one) => `${name}, ${size.width} by ${size.height}: ${one}`));
  }
  return faults;
}

async function byLayout(page: Page, name: string): Promise<string[]> {
  const faults: string[] = [];
  for (const size of [WIDE, PHONE, SMALL]) {
    await page.setViewportSize(size);
    const all = [...(await tooWide(page)), ...(await cutOff(page)), ...(await overlaps(page))];
    faults.push(...all.map((one) => `${name}, ${size.width}: ${one}`));
  }
  return faults;
}

async function byLanguage(page: Page, name: string, scene: Scene | null): Promise<string[]> {
  const isTurned = await page.evaluate(() => document.documentElement.dir === "rtl");
  const foreign = await foreignWords(page, await writtenIn(scene));
  const faults = [...(isTurned ? [] : ["it is written from left to right"]), ...foreign.map((words) => `not translated: ${words}`)];
  return [...faults.map((one) => `${name}: ${one}`), ...(await byLayout(page, name))];
}

/** What people have called themselves and their rooms: that is in nobody's catalogue. */
async function writtenIn(scene: Scene | null): Promise<readonly string[]> {
  const known = ["Snug", "Harbour", "ann", "general", "For everybody"]; // the last two the server has written, into the first room
  if (!scene) return known;
  const { origin } = scene;
  if (!written.has(origin)) {
    const { call } = await askerOf(origin, "ann");
    const users = ((await call("GET", "/users?limit=50")) as List<User>).items;
    const rooms = [
      ...((await call("GET", "/rooms?limit=50")) as List<Room>).items,
      ...((await call("GET", "/rooms?scope=public&limit=50")) as List<Room>).items,
    ];
    written.set(origin, [
      ...users.flatMap(({ username, display_name, status }) => [display_name, username ?? "", status?.text ?? ""]),
      ...rooms.flatMap(({ name, description }) => [name ?? "", description ?? ""]),
    ]);
  }
  return [...known, ...CALLED_ON_DESK, ...(written.get(origin) ?? [])].filter((words) => words !== "").toSorted((a, b) => b.length - a.length);
}
