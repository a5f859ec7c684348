/** The walk, step by step: each a sentence about ann and bob, true in the order in which they stand. A number is that of docs/acceptance.md. */
import type { Browser } from "playwright-core";
import { arrivingSteps, shutDoors } from "./arriving.ts";
import { keyboardSteps } from "./keyboard.ts";
import { lookSteps } from "./look.ts";
import { mentionSteps } from "./mentions.ts";
import { outageSteps } from "./outages.ts";
import { meetingSteps, peopleSteps } from "./people.ts";
import { composer, inRoom, type Person, say, sees, texts } from "./person.ts";
import type { Proxy } from "./proxy.ts";
import { until, type Walked } from "./server.ts";
import { shellSteps } from "./shell-steps.ts";
import { toldSteps } from "./told.ts";
import { writingSteps } from "./writing.ts";

export type Stage = { browser: Browser; server: Walked; proxy: Proxy; ann: Person; bob: Person; shots: string };
export type Step = { sentence: string; walk: (stage: Stage) => Promise<void> };

export const steps: readonly Step[] = [
  ...arrivingSteps,
  {
    sentence: "they talk both ways, and what is written is stored",
    async walk({ ann, bob }) {
      await say(ann, "good morning");
      await sees(bob, "good morning");
      await say(bob, "morning, ann");
      await sees(ann, "morning, ann");
    },
  },
  ...writingSteps,
  ...mentionSteps,
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
  ...outageSteps,
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
  ...meetingSteps,
  ...shellSteps,
  ...toldSteps,
  ...peopleSteps,
  ...shutDoors,
  ...lookSteps,
  {
    sentence: "on all of the way no script failed, no policy was broken and no other host was asked",
    async walk({ ann, bob }) {
      const complaints = [...ann.complaints, ...bob.complaints];
      if (complaints.length > 0) throw new Error(complaints.slice(0, 5).join("; "));
    },
  },
];
