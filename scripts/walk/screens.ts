/** Every screen and state of the page, and how one gets there. The walk lets axe look at each, `bun run screenshots` draws each. */
import type { Page } from "playwright-core";
import { PASSWORD } from "./rest.ts";
import type { Scene } from "./scene.ts";
import { inRoom, type Screen } from "./screen.ts";
import { screensOfPeople } from "./screens-of-people.ts";
import { screensOfKeys } from "./screens-of-keys.ts";
import { screensOfReactions } from "./screens-of-reactions.ts";
import { screensOfRoom } from "./screens-of-room.ts";
import { screensOfWorkspace } from "./screens-of-workspace.ts";

const dialog = (page: Page) => page.locator("dialog[open]");
const at = (page: Page, { origin }: Scene, path: string): Promise<unknown> => page.goto(origin + path);

/** Opens a dialog over the room by a key of the table, and waits for it. */
const byKey =
  (keys: string, then: (page: Page) => Promise<unknown> = async () => {}) =>
  async (page: Page, scene: Scene): Promise<void> => {
    await inRoom(page, scene)();
    await page.keyboard.press(keys);
    await dialog(page).waitFor();
    await then(page);
  };

export const screens: readonly Screen[] = [
  { name: "sign-in", to: "stranger", open: (page, scene) => at(page, scene, "/sign-in").then(() => page.getByLabel("Username").waitFor()) },
  {
    name: "sign-in-refused",
    to: "stranger",
    async open(page, scene) {
      await at(page, scene, "/sign-in");
      await page.getByLabel("Username").fill("ann");
      await page.getByRole("textbox", { name: "Password" }).fill("not it");
      await page.getByRole("button", { name: "Sign in" }).click();
      await page.locator("[role=alert]:not(:empty)").waitFor();
    },
  },
  { name: "join", to: "stranger", open: (page, scene) => at(page, scene, `/join#${scene.code}`).then(() => page.getByLabel("Username").waitFor()) },
  {
    name: "join-shut",
    to: "stranger",
    open: (page, scene) => at(page, scene, "/join#invented").then(() => page.getByText("does not open").waitFor()),
  },
  {
    name: "sign-in-wait",
    to: "stranger",
    async open(page, scene) {
      await at(page, scene, "/sign-in");
      await answering(page, "**/auth/login", 429, { code: "rate_limited", message: "", retry: true, retry_after_ms: 600_000, request_id: "r" });
      await page.getByLabel("Username").fill("ann");
      await page.getByRole("textbox", { name: "Password" }).fill("a horse, a battery");
      await page.getByRole("button", { name: "Sign in" }).click();
      await page.getByText("Try again in").waitFor();
      await page.unrouteAll();
    },
  },
  {
    name: "unreachable",
    to: "stranger",
    async open(page, scene) {
      await page.route("**/auth/refresh", (route) => route.abort());
      await at(page, scene, "/");
      await page.getByText("The server cannot be reached").waitFor();
      await page.unrouteAll();
    },
  },
  { name: "room", to: "ann", open: (page, scene) => inRoom(page, scene)() },
  { name: "room-empty", to: "ann", open: (page, scene) => inRoom(page, scene, scene.empty)() },
  { name: "room-archived", to: "ann", open: (page, scene) => inRoom(page, scene, scene.archived)() },
  { name: "direct", to: "ann", open: (page, scene) => inRoom(page, scene, scene.dm)() },
  { name: "rooms", to: "ann", open: (page, scene) => at(page, scene, "/rooms").then(() => page.locator("[data-row]").first().waitFor()) },
  {
    name: "details",
    to: "ann",
    async open(page, scene) {
      await inRoom(page, scene)();
      await page.getByRole("button", { name: /Details/u }).click();
      await page.locator(".details__person").nth(2).waitFor();
    },
  },
  {
    name: "person-menu",
    to: "ann",
    async open(page, scene) {
      await inRoom(page, scene)();
      await page.getByRole("button", { name: /Details/u }).click();
      await page.getByRole("button", { name: "Actions for Bob Okafor" }).click();
    },
  },
  {
    name: "card",
    to: "ann",
    async open(page, scene) {
      await inRoom(page, scene)();
      await page.getByRole("button", { name: /Details/u }).click();
      await page.locator(".details__who", { hasText: "Bob Okafor" }).click();
      await dialog(page).waitFor();
    },
  },
  { name: "browse", to: "ann", open: (page, scene) => at(page, scene, "/browse").then(() => page.locator(".browse__row").first().waitFor()) },
  { name: "settings", to: "ann", open: (page, scene) => at(page, scene, "/me").then(() => page.locator(".me__device").first().waitFor()) },
  {
    name: "settings-end",
    to: "ann",
    async open(page, scene) {
      await at(page, scene, "/me");
      await page.locator(".me__device").first().scrollIntoViewIfNeeded();
    },
  },
  { name: "gone", to: "ann", open: (page, scene) => at(page, scene, "/r/nowhere").then(() => page.getByText("not available").waitFor()) },
  { name: "switcher", to: "ann", open: byKey("Control+k") },
  { name: "switcher-asked", to: "ann", open: byKey("Control+k", (page) => page.keyboard.type("b")) },
  { name: "switcher-nothing", to: "ann", open: byKey("Control+k", (page) => page.keyboard.type("zzzz")) },
  {
    name: "new-direct",
    to: "ann",
    open: byKey("Control+Shift+K", async (page) => {
      await page.locator("dialog[open] .picker__person").first().waitFor();
      await page.keyboard.type("b");
      await page.keyboard.press("Enter");
    }),
  },
  { name: "help", to: "ann", open: byKey("Control+/", (page) => page.locator(".help__row").first().waitFor()) },
  { name: "read-all", to: "ann", open: byKey("Shift+Escape") },
  {
    name: "new-channel",
    to: "ann",
    async open(page, scene) {
      await at(page, scene, "/browse");
      await page.locator(".browse__tools").getByRole("button", { name: "New channel" }).click();
      await page.locator("dialog[open] .picker__person").first().waitFor();
    },
  },
  {
    name: "workspace-menu",
    to: "ann",
    async open(page, scene) {
      await at(page, scene, "/rooms");
      await page.locator("[popovertarget=workspace-menu]").click();
    },
  },
  {
    name: "invite",
    to: "ann",
    async open(page, scene) {
      await at(page, scene, "/rooms");
      await page.locator("[popovertarget=workspace-menu]").click();
      await page.getByRole("menuitem", { name: "Invite people" }).click();
      await page.getByRole("button", { name: "Make an invitation link" }).click();
      await page.getByLabel("Invitation link").waitFor();
    },
  },
  {
    name: "add-people",
    to: "ann",
    async open(page, scene) {
      await inRoom(page, scene, scene.dm)();
      await page.getByRole("button", { name: /Details/u }).click();
      await page.getByRole("button", { name: "Add people" }).click();
      await page.locator("dialog[open] .picker__person").first().waitFor();
    },
  },
  {
    name: "leave",
    to: "ann",
    async open(page, scene) {
      await inRoom(page, scene)();
      await page.getByRole("button", { name: /Details/u }).click();
      await page.locator(".details__deed[data-danger=true]").click();
      await dialog(page).waitFor();
    },
  },
  {
    name: "failed",
    to: "ann",
    async open(page, scene) {
      const request_id = "01k7ul1eq5ebuoasgtqavrckrs";
      await answering(page, "**/rooms?scope=public*", 500, { code: "internal", message: "", retry: true, request_id });
      await at(page, scene, "/browse");
      await page.locator(".status__line[data-state=trouble]").waitFor();
      await page.unrouteAll();
    },
  },
  ...screensOfPeople,
  ...screensOfRoom,
  ...screensOfReactions,
  ...screensOfWorkspace,
  ...screensOfKeys,
  {
    name: "ended",
    to: "ann", // the last one: nobody is signed in after it
    async open(page, scene) {
      await inRoom(page, scene)();
      await scene.endAnn();
      await page.locator(".entry").waitFor();
    },
  },
];

/** Until it is taken back, this address answers with a refusal. */
async function answering(page: Page, address: string, status: number, error: object): Promise<void> {
  await page.route(address, (route) => route.fulfill({ status, contentType: "application/json", body: JSON.stringify({ error }) }));
}

/** Ann, in a page that holds her sign-in from here on. */
export async function signInAsAnn(page: Page, { origin }: Scene): Promise<void> {
  await page.goto(`${origin}/sign-in`);
  await page.getByLabel("Username").fill("ann");
  await page.getByRole("textbox", { name: "Password" }).fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.locator(".shell").waitFor();
}
