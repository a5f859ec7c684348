/** Pictures and files between ann and bob: brought, seen, saved and removed; broken off on the way; and what only pretends to be one of them. */
import type { Browser, Page, Response } from "playwright-core";
import type { UploadedFile } from "../../server/protocol/files.ts";
import { pngOf } from "../../server/testing/pictures.ts";
import { type Polyglot, polyglots } from "../../server/testing/polyglots.ts";
import { composer, goTo, inRoom, type Person } from "./person.ts";
import { bring, seatOf } from "./bring.ts";
import { askerOf, callerOf, roomNamed } from "./rest.ts";
import { until } from "./server.ts";
import type { Step } from "./steps.ts";

type Brought = { name: string; mimeType: string; buffer: Buffer };
const picture = (name: string, width: number, height: number): Brought => ({
  name,
  mimeType: "image/png",
  buffer: Buffer.from(pngOf(width, height)),
});
const note = (name: string, text: string): Brought => ({ name, mimeType: "text/plain", buffer: Buffer.from(text) });

const choose = ({ page }: Person, files: readonly Brought[]): Promise<void> =>
  page
    .locator(".room [type=file]")
    .first()
    .setInputFiles([...files]);
const up = ({ page }: Person, name: string): Promise<void> => page.locator('.tray__item[data-state="stored"]', { hasText: name }).waitFor();
const row = (page: Page, text: string) => page.locator(".message", { hasText: text });

export const fileSteps: readonly Step[] = [
  {
    sentence: "ann's pictures and her note wait for each other and arrive with her words; at bob's nothing moves when they are drawn",
    async walk({ ann, bob }) {
      for (const { page } of [ann, bob]) {
        await page.goto(new URL(page.url()).origin); // whatever the step before has left open
        await goTo(page, "general");
      }
      await composer(ann.page).fill("the tide of today");
      const desk = Promise.withResolvers<void>(); // the part of the page that handles files comes after she has pressed Enter
      await ann.page.route(/\/assets\/files-desk-.*\.js$/u, async (route) => desk.promise.then(() => route.continue()));
      const wanted = ann.page.waitForRequest(/\/assets\/files-desk-/u);
      await choose(ann, [picture("high.png", 900, 600), picture("low.png", 400, 300), note("tide.txt", "03:12 high, 09:40 low")]);
      await composer(ann.page).press("Enter");
      await wanted;
      desk.resolve();
      await row(ann.page, "the tide of today").locator(".files__box").nth(2).waitFor();
      const there = row(bob.page, "the tide of today");
      await there.waitFor();
      const before = await there.boundingBox();
      await until(async () => (await there.locator("img[src]").count()) === 2, "both pictures are fetched");
      await until(
        () => there.locator("img").evaluateAll((all) => all.every((one) => one instanceof HTMLImageElement && one.naturalWidth > 0)),
        "they are drawn",
      );
      const after = await there.boundingBox();
      if (before?.height !== after?.height) throw new Error(`the row was ${before?.height} high and is ${after?.height}`);
      const names = await there.locator("img").evaluateAll((all) => all.map((one) => one.getAttribute("alt")));
      if (names.join() !== "high.png,low.png") throw new Error(`the pictures are called ${names.join()}`);
      if ((await composer(ann.page).inputValue()) !== "" || (await ann.page.locator(".tray").count()) > 0)
        throw new Error("something stayed in the draft");
    },
  },
  {
    sentence: "bob looks at a picture by itself, at the next by a key, comes back to where he was, and saves the note",
    async walk({ bob: { page } }) {
      await page.getByRole("button", { name: "Open high.png" }).click();
      const viewer = page.getByRole("dialog", { name: "high.png" });
      await viewer.locator("img[src]").waitFor();
      await page.keyboard.press("ArrowRight");
      await page.getByRole("dialog", { name: "low.png" }).waitFor();
      await page.keyboard.press("Escape");
      await page.locator(".viewer").waitFor({ state: "detached" });
      const [saved] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Download tide.txt" }).click()]);
      const path = await saved.path();
      if (!saved.url().includes("/download?")) throw new Error(`it came from ${saved.url()}, and through the page`);
      if (saved.suggestedFilename() !== "tide.txt" || (await Bun.file(path).text()) !== "03:12 high, 09:40 low")
        throw new Error("another file was saved");
    },
  },
  {
    sentence: "what breaks off on its way is tried again, what is up outlives a reload, and what is taken out is gone",
    async walk({ ann }) {
      const { page } = ann;
      await page.route("**/files", (route) => route.abort("connectionfailed"), { times: 1 });
      await choose(ann, [note("broken.txt", "first")]);
      await page.getByText("Not uploaded").waitFor();
      await page.getByRole("button", { name: "Retry broken.txt" }).click();
      await up(ann, "broken.txt");
      await choose(ann, [note("second.txt", "second")]);
      await up(ann, "second.txt");
      await page.reload();
      await inRoom(page);
      await up(ann, "second.txt");
      await page.getByRole("button", { name: "Take out broken.txt" }).click();
      await composer(page).press("Enter"); // without a word
      await row(page, "second.txt").locator('[data-kind="line"]').waitFor();
      if ((await page.locator(".files", { hasText: "broken.txt" }).count()) > 0) throw new Error("what was taken out was sent");
    },
  },
  {
    sentence: "a message that is removed takes its files along: nobody's page shows them, and no address has them",
    async walk({ server, bob, ann }) {
      const asker = await askerOf(`http://127.0.0.1:${server.port}`, "ann");
      const general = await roomNamed(asker, "general");
      const page = (await asker.call("GET", `/rooms/${general.id}/messages`)) as { items: { id: string; files?: UploadedFile[] }[] };
      const message = page.items.find(({ files }) => files?.some(({ name }) => name === "second.txt"));
      const [file] = message?.files ?? [];
      if (!message || !file) throw new Error("the message tells no file");
      await asker.call("GET", `/files/${file.id}`).catch((fault: unknown) => {
        if (!(fault instanceof SyntaxError)) throw fault; // its bytes are no JSON
      });
      await asker.call("DELETE", `/rooms/${general.id}/messages/${message.id}`);
      for (const person of [ann, bob]) await person.page.locator(".files", { hasText: "second.txt" }).waitFor({ state: "detached" });
      const refused = await asker.call("GET", `/files/${file.id}`).then(() => "", String);
      if (!refused.includes("404")) throw new Error(`the file is answered ${refused || "still"}`);
    },
  },
  {
    sentence: "of 100 files that are two things at once, or call themselves a picture, none runs: not in the room, and not opened by its address",
    async walk({ browser, server }) {
      const origin = `http://127.0.0.1:${server.port}`;
      const made = [...(await polyglots()), { name: "page.html", bytes: Buffer.from("<script>canary()</script>") }];
      const half = Math.ceil(made.length / 2); // what one person may ask at once
      const shown = await Promise.all([openAll(browser, origin, "ann", made.slice(0, half)), openAll(browser, origin, "bob", made.slice(half))]);
      if (shown[0] + shown[1] < 20) throw new Error(`only ${shown.join(" and ")} of them were shown at all`);
    },
  },
];

/** Uploads each and opens it by its address, with the right that a page shows; `canary` is there to be called. Gives how many were shown. */
async function openAll(browser: Browser, origin: string, name: string, made: readonly Polyglot[]): Promise<number> {
  const seat = await seatOf(origin, name);
  const { id: room_id } = await roomNamed({ id: "", call: callerOf(origin, seat.token) }, "general");
  const context = await browser.newContext({ extraHTTPHeaders: { authorization: `Bearer ${seat.token}` } }); // what the browser complains of here is its own showing of a picture
  const sung: string[] = [];
  const answers = new Map<string, Response>();
  const refused = (address: string): boolean => answers.get(address)?.status() === 429;
  try {
    const page = await context.newPage();
    await context.exposeFunction("canary", () => void sung.push("canary"));
    page.on("response", (answer) => void answers.set(answer.url(), answer));
    const addresses: string[] = [];
    for (const one of made) addresses.push(`${origin}/api/v1/files/${await bring(origin, room_id, seat, one)}`);
    const shown = (): string[] => addresses.filter((address) => answers.get(address)?.headers()["content-disposition"]?.startsWith("inline"));
    await page.goto(`${origin}/health`); // a document of the same origin, without a policy that would keep them out
    for (let left = addresses; left.length > 0; left = addresses.filter(refused)) {
      for (const address of left) answers.delete(address);
      await page.evaluate((all) => all.forEach((src) => document.body.append(Object.assign(document.createElement("iframe"), { src }))), left);
      await until(async () => left.every((address) => answers.has(address)), "each is answered");
      if (addresses.some(refused)) await page.waitForTimeout(500);
    }
    for (const address of shown().slice(0, 4)) await page.goto(address); // by themselves too
    if (sung.length > 0) throw new Error(`${sung.length} of them ran`);
    await page.goto(`${origin}/health`);
    await page.evaluate(() => document.body.append(Object.assign(document.createElement("iframe"), { srcdoc: "<script>canary()</script>" })));
    await until(async () => sung.length === 1, "what is really run is heard");
    return shown().length;
  } finally {
    await context.close();
  }
}
