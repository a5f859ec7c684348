/** Steps of the walk beside the room: a message and its replies as a thread. */
import type { Page } from "playwright-core";
import { goTo, say, sees } from "./person.ts";
import { until } from "./server.ts";
import type { Step } from "./steps.ts";

const thread = (page: Page) => page.getByRole("complementary", { name: "Thread" });
const closed = (page: Page): Promise<void> => until(async () => (await thread(page).count()) === 0, "the thread is closed");

export const threadSteps: readonly Step[] = [
  {
    sentence: "T opens a message's thread, what is written there answers it, the other sees it counted and reads it beside the room; Esc leads back",
    async walk({ ann, bob }) {
      for (const { page } of [ann, bob]) await goTo(page, "general");
      await say(ann, "who brings the boat?");
      await sees(bob, "who brings the boat?");
      const row = bob.page.locator("#messages article", { hasText: "who brings the boat?" }).first();
      await row.focus();
      await bob.page.keyboard.press("t");
      await bob.page.getByRole("textbox", { name: "Reply in the thread" }).waitFor();
      await until(() => bob.page.evaluate(() => document.activeElement?.id === "thread-composer"), "the focus is where one answers");
      await bob.page.keyboard.type("I do");
      await bob.page.keyboard.press("Enter");
      await thread(bob.page).getByText("1 reply").waitFor();
      await ann.page.getByRole("button", { name: "1 reply · today" }).last().click();
      await thread(ann.page).locator(".message", { hasText: "I do" }).waitFor();
      await ann.page.keyboard.type("with oars?");
      await ann.page.keyboard.press("Enter");
      await thread(bob.page).locator(".message", { hasText: "with oars?" }).waitFor();
      await bob.page.getByRole("button", { name: "2 replies · last today" }).waitFor();
      await bob.page.keyboard.press("Escape");
      await closed(bob.page);
      await until(() => row.evaluate((article) => document.activeElement === article), "the focus is back on the row");
      await thread(ann.page).getByRole("button", { name: "Close" }).click();
      await closed(ann.page);
    },
  },
];
