/** A step of the walk about who comes and goes. */
import type { Room } from "../../server/protocol.ts";
import { goTo, inside } from "./person.ts";
import { askerOf, postAs } from "./rest.ts";
import { until } from "./server.ts";
import type { Step } from "./steps.ts";

export const moveSteps: readonly Step[] = [
  {
    sentence: "coming and leaving are one quiet line between messages: drawn live and after a reload, counted nowhere and never spoken",
    async walk({ server, ann: { page } }) {
      const origin = `http://127.0.0.1:${server.port}`;
      const [ann, bob] = [await askerOf(origin, "ann"), await askerOf(origin, "bob")];
      const { id, created_at } = (await ann.call("POST", "/rooms", { type: "channel", name: "pier", visibility: "public" })) as Room;
      await postAs(ann, id, "before anybody came");
      await goTo(page, "pier");
      await until(async () => Date.now() - Date.parse(created_at) > 1_500, "the room is made"); // who is put in while it is made did not come
      await bob.call("PUT", `/rooms/${id}/members/me`, {});
      await page.locator("#messages li", { hasText: /^bob joined$/u }).waitFor();
      await postAs(ann, id, "after bob came");
      await page.reload();
      await inside(page, "#pier");
      await page.locator("#messages li", { hasText: /^bob joined$/u }).waitFor();
      await goTo(page, "general");
      await bob.call("DELETE", `/rooms/${id}/members/me`);
      const row = page.getByRole("navigation").getByRole("link", { name: "pier" });
      if (((await row.innerText()) + (await row.getAttribute("aria-label"))).includes("unread")) throw new Error("it counts as unread");
      await goTo(page, "pier");
      await page.locator("#messages li", { hasText: /^bob left$/u }).waitFor();
      if ((await page.getByRole("log").innerText()).includes("bob")) throw new Error("it was spoken");
      await goTo(page, "general");
    },
  },
];
