/** What rooms and people say of themselves, and how one changes it. A part of screens.ts. */
import { inRoom, type Screen } from "./screen.ts";

export const screensOfPeople: readonly Screen[] = [
  {
    name: "room-edit",
    to: "ann",
    async open(page, scene) {
      await inRoom(page, scene)();
      await page.getByRole("button", { name: /Details/u }).click();
      await page.getByRole("button", { name: "Edit channel" }).click();
      await page.getByRole("form", { name: "Edit channel" }).waitFor();
    },
  },
  {
    name: "room-edit-refused",
    to: "ann",
    async open(page, scene) {
      await inRoom(page, scene)();
      await page.getByRole("button", { name: /Details/u }).click();
      await page.getByRole("button", { name: "Edit channel" }).click();
      await page.getByRole("form", { name: "Edit channel" }).getByRole("textbox", { name: "Name" }).fill("design");
      await page.keyboard.press("Enter");
      await page.getByText("That name is taken.").waitFor();
    },
  },
  {
    name: "level-menu",
    to: "ann",
    async open(page, scene) {
      await inRoom(page, scene)();
      await page.locator("[popovertarget=room-level]").click();
    },
  },
  {
    name: "browse-archived",
    to: "ann",
    async open(page, { origin }) {
      await page.goto(`${origin}/browse`);
      await page.locator(".browse__archived > summary").click();
    },
  },
];
