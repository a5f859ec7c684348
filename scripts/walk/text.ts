/** Steps of the walk about what people write that is no text, and about who has read it. */
import { hostile } from "./hostile.ts";
import type { HistoryStep } from "./history.ts";
import { inRoom } from "./person.ts";
import { scrollUntil } from "./rows.ts";
import { until } from "./server.ts";

export const textSteps: readonly HistoryStep[] = [
  {
    sentence: `17. of ${hostile.length} messages that would run, fetch or break something, all are text`,
    async walk({ ann: { page }, post }) {
      await page.evaluate(() => {
        Reflect.set(window, "walkPwned", () => console.error("what somebody wrote has run"));
      });
      for (let from = 0; from < hostile.length; from += 50) await Promise.all(hostile.slice(from, from + 50).map(post));
      await post(LAST);
      await scrollUntil(page, Number.MAX_SAFE_INTEGER, async () => (await page.getByText(LAST).count()) > 0);
      await page.waitForFunction(() => document.querySelectorAll(".message .text").length > 300);
      const found = await page.evaluate(() => {
        const foreign = "script, img, iframe, object, embed, style, link, base, meta, form:not(.edit-form), input, video, audio, math";
        const list = document.querySelector("#messages");
        const links = [...document.querySelectorAll<HTMLAnchorElement>(".message a")];
        const wide = [...document.querySelectorAll<HTMLElement>(".message")].filter((row) => row.scrollWidth > (list?.clientWidth ?? 0));
        return {
          nodes: [...document.querySelectorAll(".messages__list *")].filter((node) => node.matches(foreign)).length,
          handlers: [...document.querySelectorAll(".messages__list *")].filter((node) =>
            [...node.attributes].some(({ name }) => name.startsWith("on")),
          ).length,
          schemes: links.filter(({ protocol }) => !["http:", "https:", "mailto:"].includes(protocol)).length,
          wide: wide.length + (document.documentElement.scrollWidth > innerWidth ? 1 : 0),
        };
      });
      if (Object.values(found).some((count) => count > 0)) throw new Error(JSON.stringify(found));
    },
  },
  {
    sentence: "20. what nobody looks at stays unread; it is read when it was seen, and within two seconds in the second tab too",
    async walk({ ann, room_id, post }) {
      await scrollUntil(ann.page, Number.MAX_SAFE_INTEGER, async () => (await ann.page.title()).startsWith("#")); // until she has read what came before
      const other = await ann.context.newPage();
      await other.addInitScript(() => {
        document.hasFocus = () => false;
      });
      await other.goto(new URL(`/r/${room_id}`, ann.page.url()).href);
      await inRoom(other);
      await ann.page.getByRole("button", { name: "Browse channels" }).click();
      await ann.page.getByRole("heading", { name: "Browse channels" }).waitFor();
      for (let i = 0; i < 5; i += 1) await post(`@ann, number ${i}`);
      for (const page of [ann.page, other]) await until(async () => (await page.title()).startsWith("(5) "), "both show five");
      await other.waitForFunction(() => document.querySelectorAll(".message__text").length > 0);
      await other.evaluate(() => new Promise((resolve) => setTimeout(resolve, 1_500))); // three times what makes a message seen
      if (!(await other.title()).startsWith("(5) ")) throw new Error("a tab that nobody looks at has read");
      await ann.page.bringToFront();
      await ann.page.goBack();
      await inRoom(ann.page);
      await until(async () => !(await ann.page.title()).startsWith("("), "they were seen", 4_000); // half a second, a second between acks, and a slow machine
      await until(async () => !(await other.title()).startsWith("("), "the other tab knows it", 2_000);
      await other.close();
    },
  },
];

const LAST = "all of that was text";
