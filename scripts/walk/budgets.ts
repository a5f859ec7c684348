/**
 * What the page may cost, measured where it costs most: beside a long room with all the rows a page may hold, and with a thousand rooms. Two budgets
 * are not among them, since a walk cannot judge them: the main thread's time for a key, which needs traces, and the heap after a day.
 */
import type { Page } from "playwright-core";
import type { HistoryStep, Library } from "./history.ts";
import { aside, enter, inRoom, inside } from "./person.ts";
import { postAs } from "./rest.ts";
import { frames, lastHeld, scrollUntil, unreadOf } from "./rows.ts";
import { until } from "./server.ts";

const KB = 1_024;
const TIMES = 5;
const ROOMS = 1_000;
const AT_ONCE = 50;

/** What it is, what it came to, and what it may come to. */
type Measured = { what: string; found: number; most: number };

export const budgetSteps: readonly HistoryStep[] = [
  {
    sentence:
      "43. the page keeps its budgets: what is loaded, first paint, opening and switching rooms, the switcher, one row for a message, a thousand rooms",
    async walk(library) {
      await library.askAnn.call("PUT", `/rooms/${library.room_id}/ack`, { seq: library.last_seq }); // she has read all of it
      const origin = `http://127.0.0.1:${library.server.port}`;
      const table = await aside(library.browser, "ann, timed", origin, async ({ page }) => {
        await page.addInitScript(noteOpening);
        await page.goto(`${origin}/sign-in`);
        await enter(page, "ann", "Sign in");
        await inRoom(page);
        return [...(await loaded(page)), ...(await opened(library, page)), ...(await used(library, page)), await crowded(library, page)];
      });
      for (const { what, found, most } of table) console.log(`       ${what.padEnd(44)} ${found.toFixed(1).padStart(8)} of ${most}`);
      const over = table.filter(({ found, most }) => found > most);
      if (over.length > 0) throw new Error(over.map(({ what, found, most }) => `${what}: ${found.toFixed(1)} of ${most}`).join("; "));
    },
  },
];

/** What the page's own document asks for, compressed as it is sent. */
async function loaded(page: Page): Promise<Measured[]> {
  const paths = await page.evaluate(async () => {
    const text = await (await fetch("/")).text();
    return [...text.matchAll(/(?:src|href)="(\/[^"]+\.(?:js|css))"/gu)].map(([, path = ""]) => path);
  });
  const sizeOf = async (end: string): Promise<number> => {
    const bodies = await Promise.all(
      paths.filter((path) => path.endsWith(end)).map(async (path) => await (await fetch(new URL(path, page.url()))).arrayBuffer()),
    );
    return bodies.reduce((sum, body) => sum + Bun.gzipSync(new Uint8Array(body)).byteLength, 0) / KB;
  };
  return [
    { what: "scripts before lazy parts, KB", found: await sizeOf(".js"), most: 90 },
    { what: "styles before lazy parts, KB", found: await sizeOf(".css"), most: 15 },
  ];
}

async function opened({ room_id }: Library, page: Page): Promise<Measured[]> {
  const [paints, reads, opens]: [number[], number[], number[]] = [[], [], []];
  for (let i = 0; i < TIMES; i += 1) {
    await page.goto(new URL(`/r/${room_id}`, page.url()).href);
    await page.locator(".message[data-seq]").first().waitFor();
    paints.push(await page.evaluate(() => performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? Number.POSITIVE_INFINITY));
    reads.push(await page.evaluate((): number => Reflect.get(window, "walkReadable")));
    await page.goto(new URL("/browse", page.url()).href);
    await page.getByRole("heading", { name: "Browse channels" }).waitFor();
    opens.push(await timed(page, `nav a[href="/r/${room_id}"]`, `.message[data-seq]`));
  }
  return [
    { what: "first paint, ms", found: bestOf(paints), most: 500 },
    { what: "room readable, ms", found: bestOf(reads), most: 1_000 },
    { what: "long room opened, ms", found: bestOf(opens), most: 300 },
  ];
}

async function used({ room_id, askAnn, bob }: Library, page: Page): Promise<Measured[]> {
  const beside = (await askAnn.call("POST", "/rooms", { type: "channel", name: "beside", visibility: "public", user_ids: [] })) as { id: string };
  await postAs(askAnn, beside.id, "a short room");
  const [here, there] = [`nav a[href="/r/${room_id}"]`, `nav a[href="/r/${beside.id}"]`];
  await page.locator(there).click();
  await inside(page, "#beside");
  await page.locator(here).click();
  await inRoom(page);
  await scrollUntil(page, 0, async () => (await page.locator(".message[data-seq]").count()) >= 350);
  const { last_seq } = await unreadOf(askAnn, room_id);
  await scrollUntil(page, Number.MAX_SAFE_INTEGER, async () => (await lastHeld(page)) === last_seq);
  await page.mouse.move(5, 5); // a row that comes under the pointer shows what can be done with it
  await page.waitForLoadState("networkidle"); // signs that a row asks for when it is drawn
  const drawn = await oneRow(page, () => postAs(bob, room_id, "one more row").then(() => {}));
  const [switches, switchers]: [number[], number[]] = [[], []];
  for (let i = 0; i < TIMES; i += 1) {
    switches.push(await timed(page, there, `#room-name[title="#beside"]`), await timed(page, here, `#room-name[title="#general"]`));
    switchers.push(await timed(page, ".sidebar__jump", "dialog[open] [role=option]"));
    await page.keyboard.press("Escape");
  }
  return [
    { what: "rows drawn for one message", found: drawn, most: 1 },
    { what: "cached room, ms", found: bestOf(switches), most: 100 },
    { what: "switcher, ms", found: bestOf(switchers), most: 50 },
  ];
}

async function crowded({ askAnn }: Library, page: Page): Promise<Measured> {
  for (let from = 0; from < ROOMS; from += AT_ONCE) {
    const names = Array.from({ length: AT_ONCE }, (_, i) => `room-${from + i}`);
    await Promise.all(names.map((name) => askAnn.call("POST", "/rooms", { type: "channel", name, visibility: "public", user_ids: [] })));
  }
  const all: number[] = [];
  for (let i = 0; i < 3; i += 1) {
    await page.goto(new URL("/browse", page.url()).href);
    await until(() => page.evaluate(() => Number.isFinite(Reflect.get(window, "walkCrowd"))), "a thousand rooms are there");
    all.push(await page.evaluate((): number => Reflect.get(window, "walkCrowd")));
  }
  return { what: `${ROOMS} rooms in the sidebar, ms`, found: bestOf(all), most: 1_500 };
}

/** Runs in the page, before anything else: notes when the first message can be read, and when a thousand rooms are listed. */
function noteOpening(): void {
  new MutationObserver((_, observer) => {
    if (Reflect.get(window, "walkReadable") === undefined && document.querySelector(".message[data-seq]")) {
      requestAnimationFrame(() => Reflect.set(window, "walkReadable", performance.now()));
    }
    if (document.querySelectorAll("nav a[data-row]").length < 1_000) return;
    observer.disconnect();
    requestAnimationFrame(() => Reflect.set(window, "walkCrowd", performance.now()));
  }).observe(document, { childList: true, subtree: true });
}

/** From a click on the one until the other is painted, in ms. */
async function timed(page: Page, press: string, shown: string): Promise<number> {
  await page.locator(press).first().waitFor();
  return page.evaluate(
    ([button, sign]) =>
      new Promise<number>((resolve, reject) => {
        const from = performance.now();
        const look = (): void => {
          if (performance.now() - from > 10_000) return reject(new Error(`${button} does not lead to ${sign}`));
          if (!document.querySelector(sign ?? "")) return void requestAnimationFrame(look);
          const { port1, port2 } = new MessageChannel(); // its turn is after the paint
          port1.onmessage = () => resolve(performance.now() - from);
          requestAnimationFrame(() => port2.postMessage(null));
        };
        document.querySelector<HTMLElement>(button ?? "")?.click();
        look();
      }),
    [press, shown],
  );
}

/** How many rows of the list change while this message comes. */
async function oneRow(page: Page, come: () => Promise<void>): Promise<number> {
  await frames(page);
  await page.evaluate(() => {
    const rows = new Set<Element | null>();
    const rowOf = (node: Node): Element | null => (node instanceof Element ? node : node.parentElement)?.closest(".message") ?? null;
    new MutationObserver((records) => {
      for (const { target, addedNodes } of records) for (const node of [target, ...addedNodes]) if (rowOf(node)) rows.add(rowOf(node));
    }).observe(document.querySelector(".messages__list") ?? document, { childList: true, subtree: true, characterData: true });
    Reflect.set(window, "walkDrawn", () => rows.size);
  });
  await come();
  await page.locator(".message", { hasText: "one more row" }).waitFor();
  await frames(page);
  return page.evaluate((): number => Reflect.get(window, "walkDrawn")());
}

/** The best of several counts: whatever else the machine does only adds to it. */
const bestOf = (all: readonly number[]): number => Math.min(...all);
