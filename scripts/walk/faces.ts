/** Steps of the walk about pictures of people and of the workspace: brought, seen by the others where they are, and taken away. */
import { paintedPng } from "../../server/testing/pictures.ts";
import { aside, goTo, say, sees } from "./person.ts";
import { askerOf } from "./rest.ts";
import { until } from "./server.ts";
import type { Step } from "./steps.ts";

const brought = (name: string, buffer: Buffer) => ({ name, mimeType: "image/png", buffer });
const sunset = brought(
  "sunset.png",
  Buffer.from(paintedPng(640, 400, (x, y) => (Math.hypot(x - 320, y - 200) < 90 ? [250, 220, 120] : [90, 120 - y / 8, 160]))),
);
const HUE = 42;

export const faceSteps: readonly Step[] = [
  {
    sentence:
      "bob's picture stands beside his messages at ann's without a reload and moves nothing, what is no picture is refused beside it, and taken away it is gone",
    async walk({ ann, bob, server }) {
      const asBob = await askerOf(`http://127.0.0.1:${server.port}`, "bob");
      for (const { page } of [ann, bob]) {
        await page.goto(new URL(page.url()).origin); // whatever the step before has left open
        await goTo(page, "general");
      }
      await say(ann, "who is that?");
      await sees(bob, "who is that?");
      await say(bob, "it is me, on watch");
      const row = ann.page.locator(".message", { hasText: "it is me, on watch" });
      await row.waitFor();
      const before = await row.boundingBox();
      await asBob.call("PATCH", "/me", { status: { emoji: "⚓", text: "On watch" } });
      await row.getByRole("img", { name: "On watch" }).waitFor();
      if ((await ann.page.locator(".message", { hasText: "who is that?" }).getByRole("img").count()) > 0) throw new Error("ann has bob's status");

      await bob.page.goto(new URL("/me", bob.page.url()).href);
      const field = bob.page.getByRole("group", { name: "Your picture" });
      const choose = field.locator("[type=file]");
      await field.getByRole("button", { name: "Upload a picture" }).waitFor();
      await choose.setInputFiles(brought("words.png", Buffer.from("only words")));
      await field.getByText("This cannot be opened as a picture.").waitFor();
      await choose.setInputFiles(sunset);
      await field.getByRole("button", { name: "Remove" }).waitFor();
      const picture = row.locator("img");
      await until(
        () => picture.evaluateAll(([one]) => one instanceof HTMLImageElement && one.naturalWidth === 256 && one.naturalHeight === 256),
        "ann sees it, cut square",
      );
      const after = await row.boundingBox();
      if (before?.height !== after?.height) throw new Error(`the row was ${before?.height} high and is ${after?.height}`);
      await field.getByRole("button", { name: "Remove" }).press("Enter");
      await picture.waitFor({ state: "detached" });
      await field.locator("button:focus", { hasText: "Upload a picture" }).waitFor();
      await asBob.call("PATCH", "/me", { status: null });
      await row.getByRole("img", { name: "On watch" }).waitFor({ state: "detached" });
    },
  },
  {
    sentence: "ann gives the workspace a logo and a hue of her own by keyboard: worn at once, and shown to who has not signed in",
    async walk({ ann: { page }, browser, server }) {
      const origin = `http://127.0.0.1:${server.port}`;
      const asAnn = await askerOf(origin, "ann");
      await page.goto(`${origin}/workspace/settings`);
      const field = page.getByRole("group", { name: "Logo" });
      await field.getByRole("button", { name: "Upload a picture" }).waitFor();
      await field.locator("[type=file]").setInputFiles(sunset);
      await field.getByRole("button", { name: "Remove" }).waitFor();
      await page.getByRole("navigation").locator(".sidebar__logo").waitFor();
      const slider = page.getByRole("slider", { name: "Hue of the accent" });
      await slider.focus();
      await page.keyboard.press("Home");
      for (let hue = 0; hue < HUE; hue += 1) await page.keyboard.press("ArrowRight");
      const worn = () => page.evaluate(() => document.documentElement.style.getPropertyValue("--accent-hue"));
      await until(async () => (await worn()) === String(HUE), "the page wears it");
      await page.keyboard.press("Tab");
      await page.keyboard.press("Enter");
      await page.getByText("Saved", { exact: true }).waitFor();
      await aside(browser, "a stranger", origin, async ({ page: door }) => {
        await door.goto(`${origin}/sign-in`);
        const logo = door.getByRole("heading", { name: "Sign in to Harbour" }).locator("img");
        await until(
          () => logo.evaluateAll(([one]) => one instanceof HTMLImageElement && one.naturalWidth === 256 && one.naturalHeight === 160),
          "the logo stands beside the name, whole",
        );
      });
      await asAnn.call("PATCH", "/admin/config", { accent: null });
      await field.getByRole("button", { name: "Remove" }).press("Enter");
      await page.getByRole("navigation").locator(".sidebar__logo").waitFor({ state: "detached" });
      await page.goto(origin);
    },
  },
];
