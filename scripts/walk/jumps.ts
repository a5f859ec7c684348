/** A step of the walk through the days of a room. */
import type { Message } from "../../server/protocol.ts";
import { goTo } from "./person.ts";
import { askerOf, roomNamed } from "./rest.ts";
import { isInView } from "./rows.ts";
import { until } from "./server.ts";
import type { Step } from "./steps.ts";

export const jumpSteps: readonly Step[] = [
  {
    sentence: "the line of a day, or J on a row, opens a calendar; the day that is chosen begins in view, and the focus is back where it was",
    async walk({ server, ann: { page } }) {
      const ann = await askerOf(`http://127.0.0.1:${server.port}`, "ann");
      const room = await roomNamed(ann, "general");
      const midnight = new Date(new Date().setHours(0, 0, 0, 0)).toISOString();
      const { items } = (await ann.call("GET", `/rooms/${room.id}/messages?around_time=${midnight}&limit=1`)) as { items: Message[] };
      const first = items[0]?.seq ?? 0;
      await goTo(page, "general");
      const last = page.locator("#messages article").last();
      await last.focus();
      await page.keyboard.press("j");
      const dialog = page.getByRole("dialog", { name: "Go to a day" });
      await dialog.waitFor();
      await page.keyboard.press("Escape");
      await until(() => last.evaluate((row) => document.activeElement === row), "the focus is back on the row");
      await page.locator(".messages__date").last().click();
      await dialog.getByRole("button", { name: "Go", exact: true }).click();
      await page.locator(`.message[data-seq="${first}"][data-marked="true"]`).waitFor();
      if (!(await isInView(page, first))) throw new Error("the first message of the day is not in view");
      await page.locator(".messages__date").last().click();
      await dialog.getByRole("button", { name: "The beginning" }).click();
      await until(() => isInView(page, room.first_seq), "the room's first message is in view");
    },
  },
];
