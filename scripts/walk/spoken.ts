/** The step of the walk for who hears the page. */
import type { Page } from "playwright-core";
import type { Message } from "../../server/protocol.ts";
import type { HistoryStep } from "./history.ts";
import { inRoom, sees } from "./person.ts";
import { postAs } from "./rest.ts";
import { firstHeld, frames, scrollTo, scrollUntil } from "./rows.ts";
import { until } from "./server.ts";

export const spokenSteps: readonly HistoryStep[] = [
  {
    sentence: "39. the live region speaks a new message once, and is silent while history loads",
    async walk({ ann, bob, room_id }) {
      const { page } = ann;
      await page.goto(new URL(`/r/${room_id}`, page.url()).href);
      await inRoom(page);
      await page.locator(".message[data-seq]").first().waitFor();
      await page.evaluate(noteSpoken);
      const first = await firstHeld(page);
      await scrollUntil(page, 0, async () => (await firstHeld(page)) < first - 120);
      await scrollTo(page, Number.MAX_SAFE_INTEGER);
      await frames(page);
      if ((await spoken(page)).length > 0) throw new Error(`history was spoken: ${(await spoken(page)).join(" | ")}`);
      const { id }: Message = await postAs(bob, room_id, "a word **for the ear**");
      await sees(ann, "a word for the ear");
      await bob.call("PATCH", `/rooms/${room_id}/messages/${id}`, { content: "a word for the eye" });
      await sees(ann, "a word for the eye");
      await postAs(bob, room_id, "and another");
      await until(async () => (await spoken(page)).at(-1) === "bob: and another", "the next one is spoken");
      const all = JSON.stringify(await spoken(page));
      if (all !== JSON.stringify(["bob: a word for the ear", "bob: and another"])) throw new Error(`spoken: ${all}`);
    },
  },
];

/** Runs in the page: notes each text that comes into the live region, also one that was there when this began. */
function noteSpoken(): void {
  const log = document.querySelector("[role=log]");
  const said = [...(log?.children ?? [])].map(({ textContent }) => textContent);
  if (log)
    new MutationObserver((records) => said.push(...records.flatMap(added))).observe(log, { childList: true, subtree: true, characterData: true });
  Reflect.set(window, "walkSpoken", () => said);
  function added({ addedNodes, target, type }: MutationRecord): string[] {
    return type === "characterData" ? [target.textContent ?? ""] : [...addedNodes].map(({ textContent }) => textContent ?? "");
  }
}

const spoken = (page: Page): Promise<string[]> => page.evaluate((): string[] => Reflect.get(window, "walkSpoken")());
