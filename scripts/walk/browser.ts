/**
 * Starts the browser of the walk without what a person at a desk has around the page. A whole Chromium is headless, too, and each of its windows loads the
 * list under the address bar, which nobody sees, as a page of its own: more work than our own page is, for each person who comes.
 */
import { type Browser, chromium } from "playwright-core";
import { chromium as path } from "./chromium.ts";

/** What Playwright itself turns off: it must be said again, since of two such flags only the last one counts. browser.test.ts holds it against Playwright. */
export const TURNED_OFF_BY_PLAYWRIGHT = [
  "AvoidUnnecessaryBeforeUnloadCheckSync",
  "DestroyProfileOnBrowserClose",
  "HttpsUpgrades",
  "HttpsFirstBalancedModeAutoEnable",
  "LensOverlay",
  "MediaRouter",
  "PaintHolding",
  "ThirdPartyStoragePartitioning",
  "AvoidCorsURLLoaderRestartOnRedirect",
  "TcpPortRandomizationWin",
  "OptimizationHints",
  "NetworkTimeServiceQuerying",
  "AimEnabled",
  "PreconnectToSearch",
  "msForceBrowserSignIn",
  "msEdgeUpdateLaunchServicesPreferredVersion",
] as const;
const AROUND_THE_PAGE = ["WebUIOmniboxPopup", "WebUIOmniboxAimPopup"];

const args = [
  "--no-sandbox",
  "--disable-dev-shm-usage",
  "--disable-gpu",
  `--disable-features=${[...TURNED_OFF_BY_PLAYWRIGHT, ...AROUND_THE_PAGE].join(",")}`,
];

export const openBrowser = (more: readonly string[] = []): Promise<Browser> => chromium.launch({ executablePath: path(), args: [...args, ...more] });
