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
      await inRoom(page, scene, scene.empty)();
      await page.locator("[popovertarget=room-level]").click();
    },
  },
  {
    name: "status",
    to: "ann",
    async open(page, { origin }) {
      await page.goto(`${origin}/rooms`);
      await page.locator("[popovertarget=workspace-menu]").click();
      await page.getByRole("menuitem", { name: "Set a status" }).click();
      await page.getByRole("button", { name: "Commuting" }).click();
    },
  },
  {
    name: "card-own",
    to: "ann",
    async open(page, scene) {
      await inRoom(page, scene)();
      await page.getByRole("button", { name: /Details/u }).click();
      await page.locator(".details__who", { hasText: "Ann Whitfield" }).click();
      await page.getByRole("button", { name: "Set a status" }).waitFor();
    },
  },
  {
    name: "pause",
    to: "ann",
    async open(page, { origin }) {
      await page.goto(`${origin}/rooms`);
      await page.locator("[popovertarget=workspace-menu]").click();
      await page.getByRole("menuitem", { name: "Pause notifications" }).click();
      await page.getByRole("button", { name: "Pause for 1 hour" }).waitFor();
    },
  },
  {
    name: "settings-quiet",
    to: "ann",
    async open(page, { origin }) {
      await page.goto(`${origin}/me`);
      const hours = page.getByRole("switch", { name: /Quiet hours/u });
      await hours.waitFor();
      if (!(await hours.isChecked())) await hours.check();
      await page.locator("input[type=time]").first().scrollIntoViewIfNeeded();
    },
  },
  {
    name: "settings-picture-refused",
    to: "ann",
    async open(page, { origin }) {
      await page.goto(`${origin}/me`);
      const choose = page.locator(".picture-field [type=file]");
      await choose.waitFor({ state: "attached" });
      await choose.setInputFiles({ name: "words.png", mimeType: "image/png", buffer: Buffer.from("only words") });
      await page.locator(".picture-field [role=alert]:not(:empty)").waitFor();
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
