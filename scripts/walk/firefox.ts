/**
 * The core of the walk in Firefox, by WebDriver BiDi: what another engine could do differently. It anchors no scrolling as Chromium does, gives the
 * focus to one tab only, and has its own keys. Prints a line per step and closes with `N passed, N failed`.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, launch } from "puppeteer-core";
import { openReport } from "../check/report.ts";
import { firefox } from "./find-firefox.ts";
import { firefoxFeatures } from "./firefox-features.ts";
import { byKeys } from "./firefox-keys.ts";
import { byLink, complaints, enter, fill, inRoom, listened, say, scrollTo, sees, sit, texts, unmoved } from "./firefox-person.ts";
import { fillLibrary, LIFTED } from "./library.ts";
import { startProxy } from "./proxy.ts";
import { askerOf, callerOf, PASSWORD, postAs, roomNamed } from "./rest.ts";
import { firstHeldHere, firstRowHere, framesHere } from "./rows.ts";
import { freePort, startWalked, until } from "./server.ts";
import { root } from "./tour.ts";

const ROWS = 1_500;
const executable = join(root, "dist/snug");
const report = openReport("firefox");
let passed = 0;
let failed = 0;

const downloads = mkdtempSync(join(tmpdir(), "snug-firefox-"));
const browser = await launch({
  browser: "firefox",
  executablePath: firefox(),
  headless: true,
  args: ["--width=1280", "--height=800"],
  extraPrefsFirefox: { "browser.download.dir": downloads, "browser.download.folderList": 2, "browser.download.alwaysOpenPanel": false },
});
try {
  await talk(browser);
  await read(browser);
  await tell("in Firefox, on all of the way, no script failed and no policy was broken", async () => {
    if (complaints.length > 0) throw new Error(complaints.slice(0, 5).join("; "));
  });
} finally {
  await browser.close();
  rmSync(downloads, { recursive: true });
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);

async function talk(at: Browser): Promise<void> {
  const server = await startWalked(executable, freePort());
  const proxy = await startProxy(server.port);
  const origin = `http://127.0.0.1:${server.port}`;
  const ann = await sit(at, "ann");
  const bob = await sit(at, "bob");
  try {
    await tell("in Firefox ann sets up by the printed address, and bob signs in to the address he asked for", async () => {
      await ann.page.goto(server.setup);
      await fill(ann.page, "[name=workspace]", "Harbour");
      await enter(ann.page, "ann");
      await inRoom(ann.page, "#general");
      const asAnn = await askerOf(origin, "ann");
      const { code } = (await asAnn.call("POST", "/admin/invites", { role: "member", expires_in_seconds: 3_600, max_uses: 1 })) as { code: string };
      const { id } = (await callerOf(origin, null)("POST", "/auth/register", { username: "bob", password: PASSWORD, code })) as { id: string };
      await asAnn.call("POST", "/rooms", { type: "channel", name: "quay", visibility: "public", user_ids: [id] });
      const { id: general } = await roomNamed(asAnn, "general");
      await bob.page.goto(`http://127.0.0.1:${proxy.port}/r/${general}`);
      await enter(bob.page, "bob");
      await inRoom(bob.page, "#general");
    });
    await tell("in Firefox they talk both ways", async () => {
      await say(ann, "good morning");
      await sees(bob, "good morning");
      await say(bob, "morning, ann");
      await sees(ann, "morning, ann");
    });
    await tell("in Firefox what bob writes offline survives the tab, and arrives once and in order when he is back", async () => {
      const said = ["offline one", "offline two", "offline three"];
      proxy.set("blackhole");
      for (const text of said) await say(bob, text);
      await until(async () => (await texts(bob)).filter((text) => text.startsWith("offline")).length === 3, "all three are on his screen");
      await until(() => bob.page.evaluate(() => !Object.keys(localStorage).some((key) => key.startsWith("snug-draft"))), "they lie in the outbox");
      const context = bob.page.browserContext();
      await bob.page.close();
      proxy.set("pass");
      bob.page = await listened(await context.newPage());
      await bob.page.goto(`http://127.0.0.1:${proxy.port}/`);
      await inRoom(bob.page, "#general");
      await sees(ann, "offline three");
      proxy.set("cut");
      await say(bob, "through the cut");
      proxy.set("pass");
      await sees(ann, "through the cut");
      await say(ann, "there you are");
      await sees(bob, "there you are");
      for (const person of [ann, bob]) {
        const seen = (await texts(person)).filter((text) => text.startsWith("offline"));
        if (JSON.stringify(seen) !== JSON.stringify(said)) throw new Error(`${person.name} sees ${seen.join(", ")}`);
      }
    });
    await tell("in Firefox a mention counts in the title until it was seen, and a tab in the background sees nothing", async () => {
      await bob.page.bringToFront();
      await byLink(bob.page, "quay");
      await ann.page.bringToFront();
      await say(ann, "@bob are you there?");
      await until(async () => (await bob.page.title()).startsWith("(1) #quay"), "one is for bob");
      await byLink(bob.page, "general");
      await sees(bob, "@bob are you there?");
      await new Promise((resolve) => setTimeout(resolve, 1_500)); // three times what makes a message seen
      if (!(await bob.page.title()).startsWith("(1) ")) throw new Error("a tab in the background has read");
      await bob.page.bringToFront();
      await until(async () => (await bob.page.title()).startsWith("#general"), "it is read");
    });
    for (const [sentence, walk] of firefoxFeatures) await tell(sentence, () => walk({ ann, bob, origin, folder: downloads }));
    await tell("in Firefox ann opens a room, answers, edits and signs out by keyboard alone", () => byKeys(ann, bob));
  } finally {
    for (const { page } of [ann, bob]) await page.browserContext().close();
    proxy.close();
    await server.stop();
  }
}

/** A room with a past, in which nothing may move under the eye. */
async function read(at: Browser): Promise<void> {
  const server = await startWalked(executable, freePort(), LIFTED);
  const ann = await sit(at, "ann");
  const { page } = ann;
  try {
    const { room_id, bob, last_seq } = await fillLibrary(server, ROWS);
    await tell("in Firefox (23) older rows of uneven height move the one that is read by no more than a pixel", async () => {
      await page.goto(`http://127.0.0.1:${server.port}/r/${room_id}`);
      await enter(page, "ann");
      await inRoom(page, "#general");
      const next = await page.waitForSelector(".messages__new + .message");
      const seq = await next?.evaluate((row) => row.getAttribute("data-seq"));
      if (seq !== String(last_seq - 59)) throw new Error(`"New" stands above ${seq}`);
      for (let load = 0; load < 5; load += 1) {
        const first = await page.evaluate(firstHeldHere);
        await scrollTo(page, 60 + load);
        const before = await page.evaluate(firstRowHere);
        await until(async () => (await page.evaluate(firstHeldHere)) < first, "an older page is there");
        await page.evaluate(framesHere);
        await unmoved(page, before);
      }
    });
    await tell("in Firefox (22) what arrives or grows late moves nothing for who reads further up", async () => {
      const before = await page.evaluate(firstRowHere);
      await postAs(bob, room_id, "far below");
      await page.waitForSelector(".messages__newest");
      await unmoved(page, before);
      await page.evaluate(() => {
        const top = document.querySelector("#messages")?.getBoundingClientRect().top ?? 0;
        const above = [...document.querySelectorAll<HTMLElement>(".message")].findLast((row) => row.getBoundingClientRect().bottom < top);
        if (above) above.style.paddingBlockEnd = "173px";
      });
      await page.evaluate(framesHere);
      await unmoved(page, before);
    });
  } finally {
    await page.browserContext().close();
    await server.stop();
  }
}

async function tell(sentence: string, walk: () => Promise<void>): Promise<void> {
  const fault = await walk().then(
    () => null,
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
  if (fault === null) passed += 1;
  else failed += 1;
  report.add(sentence, fault);
  console.log(fault === null ? `ok     ${sentence}` : `FAILED ${sentence}: ${fault}`);
}
