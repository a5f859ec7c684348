/** A step of the walk about programs in messages. */
import { composer, goTo } from "./person.ts";
import { frames } from "./rows.ts";
import { until } from "./server.ts";
import type { Step } from "./steps.ts";

export const fenceSteps: readonly Step[] = [
  {
    sentence: "a program is painted in the colours of its language when they have come, with the same characters and without moving its row",
    async walk({ ann: { page } }) {
      await goTo(page, "general");
      let come = (): void => {};
      const held = new Promise<void>((resolve) => (come = resolve));
      await page.route("**/assets/painted-*.js", async (route) => {
        await held;
        await route.continue();
      });
      const program = 'const pier = "<b>here</b>"; // of wood\nreturn 42;';
      await composer(page).fill(`\`\`\`ts\n${program}\n\`\`\``);
      await composer(page).press("Control+Enter");
      const box = page.locator(".text__box").last();
      await box.waitFor();
      await frames(page);
      const height = (): Promise<number> => box.evaluate((one) => one.getBoundingClientRect().height);
      const before = await height();
      if ((await box.innerText()).trim() !== program) throw new Error("the plain program is another");
      come();
      await box.locator("[data-paint=keyword]").first().waitFor();
      await frames(page);
      if (!(Math.abs((await height()) - before) <= 1)) throw new Error(`it grew from ${before} to ${await height()}`);
      if ((await box.innerText()).trim() !== program || (await box.locator("b").count()) > 0) throw new Error("the painted program is another");
      await page.unroute("**/assets/painted-*.js");
      await until(async () => (await box.locator("[data-paint=comment]").count()) === 1, "its comment is told apart");
    },
  },
];
