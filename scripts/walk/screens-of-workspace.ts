/** The screens of who runs the workspace. */
import type { Page } from "playwright-core";
import type { Scene } from "./scene.ts";
import type { Screen } from "./screen.ts";

/** Opens a screen of the workspace and waits for a row of its list, or for what else says that it is there. */
const desk = (page: Page, { origin }: Scene, path: string, sign = ".desk__row"): Promise<void> =>
  page.goto(`${origin}/workspace/${path}`).then(() => page.locator(sign).first().waitFor());

export const screensOfWorkspace: readonly Screen[] = [
  { name: "workspace", to: "ann", open: (page, scene) => desk(page, scene, "", ".desk__link, .desk__row") },
  { name: "workspace-members", to: "ann", open: (page, scene) => desk(page, scene, "members") },
  {
    name: "workspace-member-menu",
    to: "ann",
    async open(page, scene) {
      await desk(page, scene, "members");
      await page.getByRole("button", { name: "Actions for Bob Okafor" }).click();
      await page.getByRole("menuitem", { name: "Ban" }).waitFor();
    },
  },
  {
    name: "workspace-erase",
    to: "ann",
    async open(page, scene) {
      await desk(page, scene, "members");
      await page.getByRole("button", { name: "Actions for Bob Okafor" }).click();
      await page.getByRole("menuitem", { name: "Erase" }).click();
      await page.locator("dialog[open]").waitFor();
    },
  },
  {
    name: "workspace-members-none",
    to: "ann",
    async open(page, scene) {
      await desk(page, scene, "members");
      await page.locator(".desk__tools input").fill("zzzz");
      await page.locator(".desk__none").waitFor();
    },
  },
  {
    name: "workspace-members-failed",
    to: "ann",
    async open(page, scene) {
      await page.route("**/admin/users*", (route) => route.abort());
      await desk(page, scene, "members", ".desk__trouble");
      await page.unrouteAll();
    },
  },
  { name: "workspace-invites", to: "ann", open: (page, scene) => desk(page, scene, "invites") },
  {
    name: "workspace-invite-made",
    to: "ann",
    async open(page, scene) {
      await desk(page, scene, "invites");
      await page.getByRole("button", { name: "Make an invitation" }).click();
      await page.locator(".desk__qr").waitFor();
    },
  },
  { name: "workspace-settings", to: "ann", open: (page, scene) => desk(page, scene, "settings", ".desk__part") },
  {
    name: "workspace-settings-refused",
    to: "ann",
    async open(page, scene) {
      await desk(page, scene, "settings", ".desk__part");
      await page.getByLabel("Characters in a message").fill("5000");
      await page.getByLabel("Characters in a message").press("Enter");
      await page.locator("[aria-invalid=true]").waitFor();
    },
  },
  { name: "workspace-about", to: "ann", open: (page, scene) => desk(page, scene, "about", ".desk__facts-list") },
  { name: "workspace-nowhere", to: "ann", open: (page, scene) => desk(page, scene, "nowhere", ".desk__scroll") },
  {
    name: "settings-own",
    to: "ann",
    async open(page, { origin }) {
      await page.goto(`${origin}/me`);
      await page.getByRole("button", { name: "Leave workspace" }).scrollIntoViewIfNeeded();
    },
  },
  { name: "workspace-audit", to: "ann", open: (page, scene) => desk(page, scene, "audit") },
];
