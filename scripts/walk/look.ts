/** Steps of the walk that look at the page itself: by axe, for its width, and for what nobody should hear of. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { withoutViolations } from "./axe.ts";
import { composer, enter, fromMenu, goTo, inRoom } from "./person.ts";
import type { Step } from "./steps.ts";

export const lookSteps: readonly Step[] = [
  {
    sentence: "axe finds nothing with a reply, the list of names, a row's menu or an edit open, light or dark",
    async walk({ ann: { page } }) {
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme });
        await composer(page).focus();
        await page.keyboard.press("Shift+ArrowUp");
        await page.keyboard.type("@b");
        await page.getByRole("listbox").waitFor();
        await withoutViolations(page, `names, ${colorScheme}`);
        await page.keyboard.press("Escape");
        await page.keyboard.press("Escape");
        await composer(page).fill("");
        await page.keyboard.press("ArrowUp");
        await page.getByRole("textbox", { name: "Edit" }).waitFor();
        await withoutViolations(page, `edit, ${colorScheme}`);
        await page.keyboard.press("Escape");
        await page.locator(".messages__list article").last().focus();
        await page.keyboard.press("Shift+F10");
        await page.getByRole("menuitem", { name: "Reply" }).waitFor();
        await withoutViolations(page, `menu, ${colorScheme}`);
        await page.getByRole("menuitem", { name: "Remove" }).click();
        await page.getByRole("dialog").getByRole("button", { name: "Cancel" }).waitFor();
        await withoutViolations(page, `remove, ${colorScheme}`);
        await page.keyboard.press("Escape");
      }
      await page.emulateMedia({ colorScheme: "light" });
    },
  },
  {
    sentence: "no screen scrolls sideways at 1280, 390 and 320 pixels, light or dark",
    async walk({ bob, shots }) {
      mkdirSync(shots, { recursive: true });
      for (const width of [1280, 390, 320]) {
        await bob.page.setViewportSize({ width, height: 780 });
        for (const colorScheme of ["light", "dark"] as const) {
          await bob.page.emulateMedia({ colorScheme });
          await bob.page.screenshot({ path: join(shots, `room-${width}-${colorScheme}.png`) });
        }
        const over = await bob.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        if (over > 0) throw new Error(`${over} px too wide at ${width}`);
      }
      await bob.page.setViewportSize({ width: 1280, height: 800 });
    },
  },
  {
    sentence: "axe finds nothing in the room or on the list of channels, light or dark",
    async walk({ ann }) {
      for (const colorScheme of ["light", "dark"] as const) {
        await ann.page.emulateMedia({ colorScheme });
        await withoutViolations(ann.page, `room, ${colorScheme}`);
        await ann.page.getByRole("button", { name: "Browse channels" }).click();
        await ann.page.getByRole("heading", { name: "Browse channels" }).waitFor();
        await withoutViolations(ann.page, `browse, ${colorScheme}`);
        await ann.page.goBack();
        await inRoom(ann.page);
      }
    },
  },
  {
    sentence: "signing out leads to sign-in, which axe finds nothing on, and back in with the password",
    async walk({ bob }) {
      await fromMenu(bob.page, "Sign out");
      await bob.page.getByRole("heading", { name: "Sign in" }).waitFor();
      await withoutViolations(bob.page, "sign-in");
      await enter(bob.page, "bob", "Sign in");
      await bob.page.locator(".shell").waitFor();
      await goTo(bob.page, "general");
    },
  },
];
