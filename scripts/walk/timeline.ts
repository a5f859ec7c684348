/** Steps of the walk that are about the list of messages itself: which node, which place, what is on the screen. */
import type { Person } from "./person.ts";
import { say, sees } from "./person.ts";
import { until } from "./server.ts";
import type { Step } from "./steps.ts";

export const timelineSteps: Step[] = [
  {
    sentence: "a post is on the screen before it is stored, and is stored in the very node it was drawn in",
    async walk({ ann, bob }) {
      await watchPending(ann);
      await say(ann, "same node");
      await sees(bob, "same node");
      await until(async () => (await ann.page.locator("[data-seq]", { hasText: "same node" }).count()) === 1, "ann's row is stored");
      const found = await ann.page.evaluate(() => {
        const drawn: Element[] = Reflect.get(window, "walkPending");
        const row = [...document.querySelectorAll(".message[data-seq]")].find(({ textContent }) => textContent.includes("same node"));
        return { pending: drawn.length, same: drawn[0] !== undefined && drawn[0] === row, state: row?.getAttribute("data-state") };
      });
      if (found.pending !== 1 || !found.same || found.state !== null) throw new Error(JSON.stringify(found));
    },
  },
];

/** Notes each row that is put into the list while it is not stored yet: in the turn of its drawing, which no answer can overtake. */
async function watchPending({ page }: Person): Promise<void> {
  await page.evaluate(() => {
    const drawn: Element[] = [];
    const note = (records: MutationRecord[]): void => {
      for (const node of records.flatMap(({ addedNodes }) => [...addedNodes])) {
        if (node instanceof Element && node.matches('.message[data-state="sending"]:not([data-seq])')) drawn.push(node);
      }
    };
    new MutationObserver(note).observe(document.querySelector(".messages__list") ?? document.body, { childList: true, subtree: true });
    Reflect.set(window, "walkPending", drawn);
  });
}
