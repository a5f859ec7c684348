/** What a screen of the tour is, and how one gets into a room. */
import type { Page } from "playwright-core";
import type { Scene } from "./scene.ts";

export type Screen = {
  readonly name: string;
  /** Where it is shown: before anybody is signed in, or to ann. */
  readonly to: "stranger" | "ann";
  readonly open: (page: Page, scene: Scene) => Promise<void>;
};

export const inRoom =
  (page: Page, { origin, general }: Scene, id = general) =>
  async (): Promise<void> => {
    await page.goto(`${origin}/r/${id}`);
    await page.locator("#room-name").waitFor();
    await page.locator(".messages, .room__quiet").first().waitFor();
  };
