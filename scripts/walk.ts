/**
 * Walks the product as two people would: the executable in an empty folder, a real Chromium, a network that breaks and a server that is killed.
 * Then in a room with a long history, and once more, shorter, at a plain-http name of a LAN, where browsers withhold what they keep for https. Prints a line per step and
 * closes with `N passed, N failed`. Screenshots are left in shots/, those of a step that failed too. Words choose scenes: doors, here, library, lan,
 * budgets, or a subject of walk/features.ts.
 *
 * Two scenes are walked at a time, each in a browser and with a server of its own, since whoever walks mostly waits; only what is measured has the machine
 * to itself, at the end.
 *
 * Where CI is set, a scene that failed is walked once more at the end, alone, in a new browser and from an empty folder: what fails once on a machine of
 * strangers is told ("AGAIN"), with what its pages showed, and is a race to be found, but only what fails twice is a refusal. Here nothing is walked twice.
 */
import { join, resolve } from "node:path";
import type { Browser } from "playwright-core";
import { openReport } from "./check/report.ts";
import { budgetSteps } from "./walk/budgets.ts";
import { openBrowser } from "./walk/browser.ts";
import { doorSteps } from "./walk/doors.ts";
import { features } from "./walk/features.ts";
import { type HistoryStep, historySteps } from "./walk/history.ts";
import { fillLibrary, LIFTED } from "./walk/library.ts";
import { complaintsIn, invite, type Person, say, sees, signIn, signUp, sit } from "./walk/person.ts";
import { startProxy } from "./walk/proxy.ts";
import { askerOf, callerOf, PASSWORD } from "./walk/rest.ts";
import { freePort, startWalked } from "./walk/server.ts";
import { type Stage, type Step, steps } from "./walk/steps.ts";

const executable = resolve(import.meta.dir, "../dist/snug");
const shots = resolve(import.meta.dir, "../shots");
const LAN = "snug.lan";

type Told = { readonly sentence: string; readonly fault: string | null };
type Scene = {
  readonly browser: Browser;
  /** False when it failed. */
  tell(sentence: string, walk: () => Promise<void>): Promise<boolean>;
};
type Walk = (scene: Scene) => Promise<void>;

const subjects = Object.entries(features).map(([name, steps]): [string, Walk] => [name, (scene) => walkThrough(scene, name, steps)]);
/** The longest first, so that none is left to be walked alone. */
const beside: Record<string, Walk> = { here: walkHere, library: walkInLibrary, ...Object.fromEntries(subjects), doors: walkToDoors, lan: walkOnLan };
const alone: Record<string, Walk> = { budgets: keepBudgets };

const report = openReport("walk");
const wished = process.argv.slice(2);
const browsers: Browser[] = [];
const failing: [string, Walk][] = []; // to be walked once more
let passed = 0;
let failed = 0;
try {
  const queue = chosen(beside);
  await Promise.all([inBrowser(queue), inBrowser(queue)]);
  await inBrowser(chosen(alone));
  for (const scene of failing) await inBrowser([scene], { isLast: true });
  const complaints = browsers.flatMap((browser) => complaintsIn(browser));
  const sentence = "43. nobody's page has broken a policy, told the console of an error or asked another host, on all of the way";
  count([{ sentence, fault: said(sentence, complaints.length === 0 ? null : complaints.slice(0, 5).join("; ")) }]);
} finally {
  for (const browser of browsers) await browser.close();
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);

function chosen(scenes: Record<string, Walk>): [string, Walk][] {
  return Object.entries(scenes).filter(([name]) => wished.length === 0 || wished.includes(name));
}

/** Takes scenes off the queue until none is left, all in one browser that is new. */
async function inBrowser(queue: [string, Walk][], { isLast = process.env["CI"] !== "true" } = {}): Promise<void> {
  if (queue.length === 0) return;
  const browser = await openBrowser([`--host-resolver-rules=MAP ${LAN} 127.0.0.1`]);
  browsers.push(browser);
  for (let next = queue.shift(); next; next = queue.shift()) {
    const [name, walk] = next;
    const complaints = complaintsIn(browser).length;
    const told = await walkOnce(browser, name, walk);
    const faults = told.filter(({ fault }) => fault !== null);
    if (isLast || faults.length === 0) {
      count(told);
      continue;
    }
    for (const { sentence, fault } of faults) console.log(`AGAIN  ${name}, since this failed: ${sentence}: ${fault}`);
    complaintsIn(browser).length = complaints;
    failing.push(next);
  }
  await browser.close();
}

async function walkOnce(browser: Browser, name: string, walk: Walk): Promise<Told[]> {
  const told: Told[] = [];
  await walk({
    browser,
    async tell(sentence, step) {
      const fault = await step().then(
        () => null,
        (thrown: unknown) => (thrown instanceof Error ? thrown.message : String(thrown)),
      );
      told.push({ sentence, fault: said(sentence, fault) });
      if (fault !== null) await showPages(browser, `failed-${name}-${told.length}`);
      return fault === null;
    },
  });
  return told;
}

/** As pictures, and in words for who has only the log. What has crashed shows nothing. */
async function showPages(browser: Browser, name: string): Promise<void> {
  const pages = browser.contexts().flatMap((context) => context.pages());
  for (const [i, page] of pages.entries()) {
    await page.screenshot({ path: join(shots, `${name}-${i}.png`), timeout: 5_000 }).catch(() => undefined);
    const words = await page.evaluate(() => `${document.visibilityState}: ${document.body.innerText}`).catch((fault: unknown) => String(fault));
    console.log(`       ${name}-${i}: ${new URL(page.url()).pathname} ${words.replace(/\s+/gu, " ").slice(0, 600)}`);
  }
}

function said(sentence: string, fault: string | null): string | null {
  console.log(fault === null ? `ok     ${sentence}` : `FAILED ${sentence}: ${fault}`);
  return fault;
}

function count(told: readonly Told[]): void {
  for (const { sentence, fault } of told) {
    report.add(sentence, fault);
    if (fault === null) passed += 1;
    else failed += 1;
  }
}

function walkHere(scene: Scene): Promise<void> {
  return onStage(scene, steps, async () => true);
}

/** Ann has made a workspace, and cy and bob have come by her invitations, bob through a proxy. */
async function walkThrough(scene: Scene, name: string, steps: readonly Step[]): Promise<void> {
  await onStage(scene, steps, ({ server, proxy, ann, bob }) =>
    scene.tell(`ann, bob and cy come together: ${name}`, async () => {
      await signUp(ann, server.setup, "ann", "Make workspace");
      const origin = `http://127.0.0.1:${server.port}`;
      const { call } = await askerOf(origin, "ann");
      const { code } = (await call("POST", "/admin/invites", { role: "member", expires_in_seconds: 3_600, max_uses: 2 })) as { code: string };
      await callerOf(origin, null)("POST", "/auth/register", { username: "cy", password: PASSWORD, code });
      await signUp(bob, `http://127.0.0.1:${proxy.port}/join#${code}`, "bob", "Create account");
    }),
  );
}

async function onStage({ browser, tell }: Scene, steps: readonly Step[], begin: (stage: Stage) => Promise<unknown>): Promise<void> {
  const server = await startWalked(executable, freePort(), ["--webhook-allow", "127.0.0.1/32"]);
  const proxy = await startProxy(server.port);
  const people: Person[] = [];
  try {
    const ann = await sit(browser, "ann", () => `http://127.0.0.1:${server.port}`);
    const bob = await sit(browser, "bob", () => `http://127.0.0.1:${proxy.port}`);
    people.push(ann, bob);
    const stage = { browser, server, proxy, ann, bob, shots };
    await begin(stage);
    for (const { sentence, walk } of steps) {
      const isWell = await tell(sentence, () => walk(stage));
      proxy.set("pass"); // a step that failed leaves no broken network to the next, and nothing open
      if (isWell) continue;
      for (const { page } of people) for (let layer = 0; layer < 2; layer += 1) await page.keyboard.press("Escape").catch(() => undefined);
    }
  } finally {
    for (const { context } of people) await context.close();
    proxy.close();
    await server.stop();
  }
}

/** A server that nobody has set up, and that lets nobody register. */
async function walkToDoors({ browser, tell }: Scene): Promise<void> {
  const server = await startWalked(executable, freePort(), ["--registration", "closed"]);
  try {
    for (const { sentence, walk } of doorSteps) await tell(sentence, () => walk({ browser, server }));
  } finally {
    await server.stop();
  }
}

function walkInLibrary(scene: Scene): Promise<void> {
  return inLibrary(scene, historySteps);
}

function keepBudgets(scene: Scene): Promise<void> {
  return inLibrary(scene, budgetSteps);
}

/** A long conversation; `SNUG_WALK_ROWS` makes it longer. */
async function inLibrary({ browser, tell }: Scene, steps: readonly HistoryStep[]): Promise<void> {
  const server = await startWalked(executable, freePort(), LIFTED);
  const proxy = await startProxy(server.port);
  const people: Person[] = [];
  try {
    const library = await fillLibrary(server, Number(process.env["SNUG_WALK_ROWS"] ?? 5_000));
    const ann = await sit(browser, "ann", () => `http://127.0.0.1:${server.port}`);
    people.push(ann);
    await signIn(ann, `http://127.0.0.1:${server.port}/sign-in`, "ann");
    for (const { sentence, walk } of steps) await tell(sentence, () => walk({ browser, server, proxy, ann, ...library }));
  } finally {
    for (const { context } of people) await context.close();
    proxy.close();
    await server.stop();
  }
}

async function walkOnLan({ browser, tell }: Scene): Promise<void> {
  const port = freePort();
  const origin = `http://${LAN}:${port}`;
  const server = await startWalked(executable, port, ["--public-url", origin]);
  const people: Person[] = [];
  try {
    const ann = await sit(browser, "ann", () => origin);
    const bob = await sit(browser, "bob", () => origin);
    people.push(ann, bob);
    await tell("at a plain-http name of the LAN they sign up, talk, and are told that it is not encrypted", async () => {
      await signUp(ann, server.setup, "ann", "Make workspace");
      await signUp(bob, await invite(ann), "bob", "Create account");
      await say(ann, "over the LAN");
      await sees(bob, "over the LAN");
      await ann.page.getByText("This connection is not encrypted").waitFor();
      const complaints = [...ann.complaints, ...bob.complaints];
      if (complaints.length > 0) throw new Error(complaints.join("; "));
    });
  } finally {
    for (const { context } of people) await context.close();
    await server.stop();
  }
}
