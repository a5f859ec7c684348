/** What people do with messages beside writing them: reactions, the emoji picker, pins, what is saved. */
import { inRoom, type Screen } from "./screen.ts";

export const screensOfReactions: readonly Screen[] = [
  {
    name: "reactions-bar",
    to: "ann",
    async open(page, scene) {
      await inRoom(page, scene)();
      await page.locator(".messages__list article", { hasText: "Two things I noticed" }).hover();
      await page.locator(".message__bar .message__act[aria-pressed]").first().waitFor();
    },
  },
  {
    name: "emoji-picker",
    to: "ann",
    async open(page, scene) {
      await inRoom(page, scene)();
      await page.locator(".composer__emoji").click();
      await page.locator(".emoji-picker__cell").nth(60).waitFor();
    },
  },
  {
    name: "emoji-picker-found",
    to: "ann",
    async open(page, scene) {
      await inRoom(page, scene)();
      await page.locator(".composer__emoji").click();
      await page.locator(".emoji-picker__cell").nth(60).waitFor();
      await page.keyboard.type("heart");
    },
  },
  {
    name: "emoji-picker-nothing",
    to: "ann",
    async open(page, scene) {
      await inRoom(page, scene)();
      await page.locator(".composer__emoji").click();
      await page.locator(".emoji-picker__cell").nth(60).waitFor();
      await page.keyboard.type("zzzz");
    },
  },
  {
    name: "pinned",
    to: "ann",
    async open(page, scene) {
      await inRoom(page, scene)();
      await page.getByRole("button", { name: /Details/u }).click();
      await page.locator(".details .saved__row").first().waitFor();
    },
  },
  {
    name: "saved",
    to: "ann",
    async open(page, { origin }) {
      await page.goto(`${origin}/saved`);
      await page.locator(".saved__row").first().waitFor();
    },
  },
];
