/** The screens of who runs the workspace. */
import type { Page } from "playwright-core";
import type { Scene } from "./scene.ts";
import type { Screen } from "./screen.ts";

/** Opens a screen of the workspace and waits for a row of its list, or for what else says that it is there. */
const desk = (page: Page, { origin }: Scene, path: string, sign = ".desk__row"): Promise<void> =>
  page.goto(`${origin}/workspace/${path}`).then(() => page.locator(sign).first().waitFor());

export const screensOfWorkspace: readonly Screen[] = [
  { name: "workspace", to: "ann", open: (page, scene) => desk(page, scene, "", ".desk__link, .desk__row") },
  { name: "workspace-audit", to: "ann", open: (page, scene) => desk(page, scene, "audit") },
];
