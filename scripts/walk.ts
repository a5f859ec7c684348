/**
 * Walks the product as two people would: the executable in an empty folder, a real Chromium, a network that breaks and a server that is killed.
 * Then in a room with a long history, and once more, shorter, at a plain-http name of a LAN, where browsers withhold what they keep for https. Prints a line per step and
 * closes with `N passed, N failed`. Screenshots are left in shots/, those of a step that failed too. Words choose scenes: doors, here, library, lan,
 * or a subject of walk/features.ts.
 *
 * Where CI is set, a scene that failed is walked once more, from an empty folder: what fails once on a machine of strangers is told ("AGAIN") and
 * is a race to be found, but only what fails twice is a refusal. Here nothing is walked twice.
 */
import { join, resolve } from "node:path";
import { chromium } from "playwright-core";
import { openReport } from "./check/report.ts";
import { chromium as browserPath } from "./walk/chromium.ts";
import { doorSteps } from "./walk/doors.ts";
import { features } from "./walk/features.ts";
import { historySteps } from "./walk/history.ts";
import { fillLibrary, LIFTED } from "./walk/library.ts";
import { complaintsOfAll, invite, type Person, say, sees, signIn, signUp, sit } from "./walk/person.ts";
import { startProxy } from "./walk/proxy.ts";
import { askerOf, callerOf, PASSWORD } from "./walk/rest.ts";
import { freePort, startWalked } from "./walk/server.ts";
import { type Stage, type Step, steps } from "./walk/steps.ts";

const executable = resolve(import.meta.dir, "../dist/snug");
const shots = resolve(import.meta.dir, "../shots");
const LAN = "snug.lan";
const args = [
  "--no-sandbox",
  "--disable-dev-shm-usage",
  "--disable-gpu",
  "--disable-background-networking",
  `--host-resolver-rules=MAP ${LAN} 127.0.0.1`,
];

const report = openReport("walk");
type Told = { readonly sentence: string; readonly fault: string | null };
let told: Told[] = [];
let passed = 0;
let failed = 0;
const browser = await chromium.launch({ executablePath: browserPath(), args });
try {
  const subjects = Object.entries(features).map(([name, steps]) => [name, () => walkThrough(name, steps)] as const);
  const scenes = { doors: walkToDoors, here: walkHere, ...Object.fromEntries(subjects), library: walkInLibrary, lan: walkOnLan };
  const wished = process.argv.slice(2);
  for (const [name, walk] of Object.entries(scenes)) if (wished.length === 0 || wished.includes(name)) await walkScene(name, walk);
  await tell("43. nobody's page has broken a policy, told the console of an error or asked another host, on all of the way", async () => {
    if (complaintsOfAll.length > 0) throw new Error(complaintsOfAll.slice(0, 5).join("; "));
  });
  count();
} finally {
  await browser.close();
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);

function walkHere(): Promise<void> {
  return onStage(steps, async () => {});
}

/** Ann has made a workspace, and cy and bob have come by her invitations, bob through a proxy. */
async function walkThrough(name: string, steps: readonly Step[]): Promise<void> {
  await onStage(steps, ({ server, proxy, ann, bob }) =>
    tell(`ann, bob and cy come together: ${name}`, async () => {
      await signUp(ann, server.setup, "ann", "Make workspace");
      const origin = `http://127.0.0.1:${server.port}`;
      const { call } = await askerOf(origin, "ann");
      const { code } = (await call("POST", "/admin/invites", { role: "member", expires_in_seconds: 3_600, max_uses: 2 })) as { code: string };
      await callerOf(origin, null)("POST", "/auth/register", { username: "cy", password: PASSWORD, code });
      await signUp(bob, `http://127.0.0.1:${proxy.port}/join#${code}`, "bob", "Create account");
    }),
  );
}

async function onStage(steps: readonly Step[], begin: (stage: Stage) => Promise<void>): Promise<void> {
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
      await tell(sentence, () => walk(stage));
      proxy.set("pass"); // a step that failed leaves no broken network to the next
    }
  } finally {
    for (const { context } of people) await context.close();
    proxy.close();
    await server.stop();
  }
}

/** A server that nobody has set up, and that lets nobody register. */
async function walkToDoors(): Promise<void> {
  const server = await startWalked(executable, freePort(), ["--registration", "closed"]);
  try {
    for (const { sentence, walk } of doorSteps) await tell(sentence, () => walk({ browser, server }));
  } finally {
    await server.stop();
  }
}

/** A long conversation; `SNUG_WALK_ROWS` makes it longer. */
async function walkInLibrary(): Promise<void> {
  const server = await startWalked(executable, freePort(), LIFTED);
  const proxy = await startProxy(server.port);
  try {
    const library = await fillLibrary(server, Number(process.env["SNUG_WALK_ROWS"] ?? 5_000));
    const ann = await sit(browser, "ann", () => `http://127.0.0.1:${server.port}`);
    await signIn(ann, `http://127.0.0.1:${server.port}/sign-in`, "ann");
    for (const { sentence, walk } of historySteps) await tell(sentence, () => walk({ browser, server, proxy, ann, ...library }));
  } finally {
    proxy.close();
    await server.stop();
  }
}

async function walkOnLan(): Promise<void> {
  const port = freePort();
  const origin = `http://${LAN}:${port}`;
  const server = await startWalked(executable, port, ["--public-url", origin]);
  try {
    const ann = await sit(browser, "ann", () => origin);
    const bob = await sit(browser, "bob", () => origin);
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
    await server.stop();
  }
}

async function walkScene(name: string, walk: () => Promise<void>): Promise<void> {
  const complaints = complaintsOfAll.length;
  await walk();
  const faults = told.filter(({ fault }) => fault !== null);
  if (faults.length > 0 && process.env["CI"] === "true") {
    for (const { sentence, fault } of faults) console.log(`AGAIN  ${name}, since this failed: ${sentence}: ${fault}`);
    complaintsOfAll.length = complaints;
    told = [];
    await walk();
  }
  count();
}

/** What was told until now is what it is. */
function count(): void {
  for (const { sentence, fault } of told) {
    report.add(sentence, fault);
    if (fault === null) passed += 1;
    else failed += 1;
  }
  told = [];
}

async function tell(sentence: string, walk: () => Promise<void>): Promise<void> {
  try {
    await walk();
    told.push({ sentence, fault: null });
    console.log(`ok     ${sentence}`);
  } catch (thrown) {
    const fault = thrown instanceof Error ? thrown.message : String(thrown);
    told.push({ sentence, fault });
    console.log(`FAILED ${sentence}: ${fault}`);
    const pages = browser.contexts().flatMap((context) => context.pages());
    for (const [i, page] of pages.entries()) await page.screenshot({ path: join(shots, `failed-${told.length}-${i}.png`) }).catch(() => undefined); // what has crashed shows nothing
  }
}
