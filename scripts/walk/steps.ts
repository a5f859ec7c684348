/** The walk, step by step: each a sentence about ann and bob, true in the order in which they stand. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { withoutViolations } from "./axe.ts";
import { composer, fromMenu, inRoom, invite, type Person, say, sees, signUp, texts } from "./person.ts";
import type { Proxy } from "./proxy.ts";
import { shellSteps } from "./shell-steps.ts";
import { until, type Walked } from "./server.ts";
import { keyboardSteps, timelineSteps } from "./timeline.ts";

export type Stage = { server: Walked; proxy: Proxy; ann: Person; bob: Person; shots: string };
export type Step = { sentence: string; walk: (stage: Stage) => Promise<void> };

const through = (link: string, proxy: Proxy): string => link.replace(/:\d+\//u, `:${proxy.port}/`);
let bobs = "";

export const steps: Step[] = [
  {
    sentence: "the printed address leads by one form to #general",
    walk: ({ server, ann }) => signUp(ann, server.setup, "ann", "Make workspace"),
  },
  {
    sentence: "bob joins by a link that ann makes, through a proxy",
    async walk({ ann, bob, proxy }) {
      bobs = through(await invite(ann), proxy);
      await signUp(bob, bobs, "bob", "Create account");
    },
  },
  {
    sentence: "they talk both ways, and what is written is stored",
    async walk({ ann, bob }) {
      await say(ann, "good morning");
      await sees(bob, "good morning");
      await say(bob, "morning, ann");
      await sees(ann, "morning, ann");
    },
  },
  ...timelineSteps,
  {
    sentence: "an edit and a removal show at the other in place",
    async walk({ ann, bob }) {
      const row = ann.page.locator(".message", { hasText: "good morning" });
      await row.hover();
      await row.getByRole("button", { name: "Edit" }).click();
      await ann.page.getByRole("textbox", { name: "Edit" }).fill("good morning, harbour");
      await ann.page.getByRole("textbox", { name: "Edit" }).press("Enter");
      await sees(bob, "good morning, harbour");
      const other = ann.page.locator(".message", { hasText: "same node" });
      await other.hover();
      await other.getByRole("button", { name: "More" }).click();
      await ann.page.getByRole("menuitem", { name: "Remove" }).click();
      await ann.page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
      await until(async () => !(await texts(bob)).some((text) => text.includes("same node")), "it is gone at bob's");
    },
  },
  ...keyboardSteps,
  {
    sentence: "what bob writes while his connection is swallowed survives the tab and arrives once, in order",
    async walk({ ann, bob, proxy }) {
      proxy.set("blackhole");
      for (const text of ["offline one", "offline two", "offline three"]) await say(bob, text);
      await until(async () => (await texts(bob)).filter((text) => text.startsWith("offline")).length === 3, "all three are on bob's screen");
      await until(
        () => bob.page.evaluate(() => !Object.keys(localStorage).some((key) => key.startsWith("snug-draft"))),
        "all three lie in bob's outbox",
      );
      await bob.page.close();
      proxy.set("pass");
      bob.page = await bob.context.newPage();
      await bob.page.goto(new URL("/", bobs).href);
      await inRoom(bob.page);
      await sees(ann, "offline three");
      await onceInOrder([ann, bob], ["offline one", "offline two", "offline three"]);
    },
  },
  {
    sentence: "a connection that is cut comes back by itself",
    async walk({ ann, bob, proxy }) {
      proxy.set("cut");
      await say(bob, "through the cut");
      proxy.set("pass");
      await sees(ann, "through the cut");
      await say(ann, "there you are");
      await sees(bob, "there you are");
      await onceInOrder([ann, bob], ["through the cut", "there you are"]);
    },
  },
  {
    sentence: "the server is killed in mid-conversation and started again: nothing is lost or doubled",
    async walk({ ann, bob, server }) {
      const said = Array.from({ length: 12 }, (_, i) => `line ${String(i).padStart(2, "0")}`);
      for (const [i, text] of said.entries()) {
        await say(ann, text);
        if (i === 5) await server.kill();
        if (i === 8) await server.start();
      }
      await sees(bob, "line 11");
      await sees(ann, "line 11");
      await onceInOrder([ann, bob], said);
    },
  },
  {
    sentence: "a reload keeps the sign-in, the room and the draft",
    async walk({ bob }) {
      await composer(bob.page).fill("half a thought");
      await bob.page.reload();
      await inRoom(bob.page);
      await until(async () => (await composer(bob.page).inputValue()) === "half a thought", "the draft is back");
      await composer(bob.page).fill("");
    },
  },
  ...shellSteps,
  {
    sentence: "no screen scrolls sideways at 1280, 390 and 320 pixels, light or dark",
    async walk({ bob, shots }) {
      mkdirSync(shots, { recursive: true });
      for (const width of [1280, 390, 320]) {
        await bob.page.setViewportSize({ width, height: 780 });
        for (const colorScheme of ["light", "dark"] as const) {
          await bob.page.emulateMedia({ colorScheme });
          await bob.page.screenshot({ path: join(shots, `room-${width}-${colorScheme}.png`) });
        }
        const over = await bob.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        if (over > 0) throw new Error(`${over} px too wide at ${width}`);
      }
      await bob.page.setViewportSize({ width: 1280, height: 800 });
    },
  },
  {
    sentence: "axe finds nothing in the room or on the list of channels, light or dark",
    async walk({ ann }) {
      for (const colorScheme of ["light", "dark"] as const) {
        await ann.page.emulateMedia({ colorScheme });
        await withoutViolations(ann.page, `room, ${colorScheme}`);
        await ann.page.getByRole("button", { name: "Browse channels" }).click();
        await ann.page.getByRole("heading", { name: "Browse channels" }).waitFor();
        await withoutViolations(ann.page, `browse, ${colorScheme}`);
        await ann.page.goBack();
        await inRoom(ann.page);
      }
    },
  },
  {
    sentence: "signing out leads to sign-in, which axe finds nothing on, and back in with the password",
    async walk({ bob }) {
      await fromMenu(bob.page, "Sign out");
      await bob.page.getByRole("heading", { name: "Sign in" }).waitFor();
      await withoutViolations(bob.page, "sign-in");
      await bob.page.getByLabel("Username").fill("bob");
      await bob.page.getByRole("textbox", { name: "Password" }).fill("a horse, a battery");
      await bob.page.getByRole("button", { name: "Sign in" }).click();
      await inRoom(bob.page);
    },
  },
  {
    sentence: "on all of the way no script failed, no policy was broken and no other host was asked",
    async walk({ ann, bob }) {
      const complaints = [...ann.complaints, ...bob.complaints];
      if (complaints.length > 0) throw new Error(complaints.slice(0, 5).join("; "));
    },
  },
];

async function onceInOrder(people: readonly Person[], expected: readonly string[]): Promise<void> {
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
