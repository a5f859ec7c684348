/** A step of the walk about who has read what. */
import type { Room } from "../../server/protocol.ts";
import { goTo } from "./person.ts";
import { askerOf, roomNamed } from "./rest.ts";
import { until } from "./server.ts";
import type { Step } from "./steps.ts";

export const receiptSteps: readonly Step[] = [
  {
    sentence:
      "where the workspace has receipts on, who has seen one's last message stands under it, live and after a reload; where it has not, nothing does",
    async walk({ server, ann: { page }, bob }) {
      const ann = await askerOf(`http://127.0.0.1:${server.port}`, "ann");
      const { id: bobs } = await askerOf(`http://127.0.0.1:${server.port}`, "bob");
      const dm = (await ann.call("POST", "/rooms", { type: "dm", user_ids: [bobs] })) as Room;
      const general = await roomNamed(ann, "general");
      const set = (receipts: boolean) => ann.call("PATCH", "/admin/config", { receipts });
      const seen = page.locator("#messages li", { hasText: /^Seen by/u });
      const open = async (room_id: string): Promise<void> => {
        await page.goto(new URL(`/r/${room_id}`, page.url()).href);
        await page.locator("#composer").waitFor();
      };
      await set(true);
      await goTo(bob.page, "general");
      await open(dm.id);
      await page.locator("#composer").fill("the tide is in");
      await page.locator("#composer").press("Enter");
      await page.locator(".message[data-seq]", { hasText: "the tide is in" }).waitFor();
      if ((await seen.count()) > 0) throw new Error("bob has not seen it yet");
      await bob.page.goto(new URL(`/r/${dm.id}`, bob.page.url()).href);
      await page.getByText("Seen by bob", { exact: true }).waitFor();
      await page.reload();
      await page.getByText("Seen by bob", { exact: true }).waitFor();
      await open(general.id);
      await page.locator("#composer").fill("and out again");
      await page.locator("#composer").press("Enter");
      await goTo(bob.page, "general");
      await page.getByText("Seen by 1 person").click();
      await page.locator("details[open]", { hasText: "bob" }).waitFor();
      await set(false);
      await open(dm.id);
      await page.locator(".message", { hasText: "the tide is in" }).waitFor();
      if ((await seen.count()) > 0) throw new Error("it is told though receipts are off");
      await goTo(page, "general");
      await until(async () => (await seen.count()) === 0, "nothing of it in #general either");
    },
  },
];
