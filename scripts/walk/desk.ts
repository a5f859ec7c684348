/** Ann runs the workspace by keyboard alone: its people, who is invited, what holds for all, what was done, and what runs here. */
import type { Page } from "playwright-core";
import { isFocusSeen } from "./keyboard.ts";
import { aside, enter, fromMenu, goTo, inRoom } from "./person.ts";
import { askerOf, callerOf, PASSWORD, postAs, roomNamed } from "./rest.ts";
import { until } from "./server.ts";
import type { Stage, Step } from "./steps.ts";

const WITHIN_MS = 2_000;

export const deskSteps: readonly Step[] = [
  {
    sentence: "who runs the workspace finds its screens by the menu and by name; for bob they are a page like one that never was",
    async walk({ ann, bob, server }) {
      await fromMenu(ann.page, "Manage workspace");
      await ann.page.getByRole("heading", { name: "Members" }).waitFor();
      await keysOf(ann.page).jump("About", "About");
      await ann.page.goBack();
      await ann.page.getByRole("heading", { name: "Members" }).waitFor();
      await bob.page.locator("[popovertarget=workspace-menu]").click();
      if ((await bob.page.getByRole("menuitem", { name: "Manage workspace" }).count()) > 0) throw new Error("bob is offered to manage it");
      await bob.page.keyboard.press("Escape");
      await aside(bob.context.browser() ?? never(), "bob, curious", origin(server), async ({ page }) => {
        await page.goto(`${origin(server)}/workspace/members`);
        await enter(page, "bob", "Sign in");
        await page.getByRole("heading", { name: "This is not available." }).waitFor();
      });
      await goTo(ann.page, "general");
    },
  },
  {
    sentence: "ann deactivates petra by keyboard, who is out within two seconds and in again by a word; what ends is said first",
    async walk({ browser, server, ann: { page } }) {
      await joined(server, "petra");
      const { press, tabTo, type, jump } = keysOf(page);
      await aside(browser, "petra", origin(server), async ({ page: petras }) => {
        await petras.goto(`${origin(server)}/sign-in`);
        await enter(petras, "petra", "Sign in");
        await inRoom(petras);
        await jump("Members", "Members");
        await tabTo(/^Find a member$/u);
        await type("pet");
        await page.locator(".desk__row").filter({ hasText: "@petra" }).filter({ hasText: "Here now" }).waitFor();
        await tabTo(/^Actions for petra$/u);
        await press("Enter", "ArrowDown");
        await choose(page, "Deactivate…");
        await page.getByRole("alertdialog").getByText("within two seconds").waitFor();
        await tabTo(/^Deactivate$/u);
        await page.keyboard.press("Enter");
        await petras.getByText("Your account has been deactivated").waitFor({ timeout: WITHIN_MS });
        await page.locator(".desk__row", { hasText: "@petra" }).getByText("Deactivated").waitFor();
        await refused(server, "petra");
      });
      await tabTo(/^Actions for petra$/u, "Shift+Tab");
      await press("Enter");
      await choose(page, "Let in again");
      await page.locator(".desk__row", { hasText: "@petra" }).getByText("Deactivated").waitFor({ state: "detached" });
      await askerOf(origin(server), "petra");
    },
  },
  {
    sentence: "who is banned takes their invitations along, and who is erased has no name: both are asked, the second twice",
    async walk({ server, ann: { page } }) {
      const petra = await askerOf(origin(server), "petra");
      const asAnn = await askerOf(origin(server), "ann");
      await postAs(petra, (await roomNamed(petra, "general")).id, "I was here");
      await asAnn.call("PATCH", `/admin/users/${petra.id}`, { role: "admin" });
      const { code } = (await petra.call("POST", "/admin/invites", { role: "member", expires_in_seconds: 600, max_uses: 1 })) as { code: string };
      const { press, tabTo, type, jump } = keysOf(page);
      await jump("About", "About");
      await jump("Members", "Members");
      await tabTo(/^Find a member$/u);
      await type("pet");
      await page.locator(".desk__row").filter({ hasText: "@petra" }).filter({ hasText: "Admin" }).waitFor();
      await tabTo(/^Actions for petra$/u);
      await press("Enter");
      await choose(page, "Ban…");
      await page.getByRole("alertdialog").getByText("invitations they made stop working").waitFor();
      await tabTo(/^Ban$/u);
      await page.keyboard.press("Enter");
      await page.locator(".desk__row", { hasText: "@petra" }).getByText("Banned").waitFor();
      const { valid } = (await callerOf(origin(server), null)("POST", "/invites/check", { code })) as { valid: boolean };
      if (valid) throw new Error("her invitation still opens the door");
      await tabTo(/^Actions for petra$/u, "Shift+Tab");
      await press("Enter");
      await choose(page, "Erase personal data…");
      await page.getByRole("dialog").getByText("for good").waitFor();
      await tabTo(/^Go on$/u);
      await page.keyboard.press("Enter");
      await page.getByRole("alertdialog").getByText("cannot be taken back").waitFor();
      await tabTo(/^Erase$/u);
      await page.keyboard.press("Enter");
      await page.locator(".desk__row", { hasText: "Erased" }).getByText("Former member").waitFor();
      await goTo(page, "general");
      await page.locator(".message", { hasText: "I was here" }).last().waitFor();
      if ((await page.locator(".message__name, .message", { hasText: "petra" }).count()) > 0) throw new Error("her name is still there");
    },
  },
  {
    sentence: "ann makes an invitation by keyboard: its link is shown once, with a code for cameras, opens the door, and no more once it is revoked",
    async walk({ server, ann: { page } }) {
      const { press, tabTo, jump } = keysOf(page);
      await jump("Invitations", "Invitations");
      await page.locator(".desk__row").first().waitFor();
      await tabTo(/Make an invitation/u);
      await press("Enter");
      const link = await page.locator("#made-link").inputValue();
      await page.getByRole("img", { name: "The link as a QR code" }).waitFor();
      const valid = async (): Promise<boolean> =>
        ((await callerOf(origin(server), null)("POST", "/invites/check", { code: link.split("#")[1] })) as { valid: boolean }).valid;
      if (!(await valid())) throw new Error("the link does not open the door");
      await page.locator(".desk__row").first().getByText("0 of 10 used").waitFor();
      await tabTo(/^Revoke: 0 of 10 used$/u);
      await press("Enter");
      await tabTo(/^Revoke$/u);
      await page.keyboard.press("Enter");
      await page.locator(".desk__row").first().getByText("Revoked").waitFor();
      if (await valid()) throw new Error("it still opens the door");
      await page.reload();
      await page.locator(".desk__row").first().waitFor();
      if ((await page.content()).includes(link.split("#")[1] ?? "")) throw new Error("the link can be read a second time");
    },
  },
  {
    sentence: "a bad setting is refused at its field, and what was typed stays; a good one holds, and the accent is everybody's at once",
    async walk({ bob, server, ann: { page } }) {
      const { tabTo, type, jump } = keysOf(page);
      const asAnn = await askerOf(origin(server), "ann");
      await jump("Workspace settings", "Workspace settings");
      await page.locator(".desk__part").first().waitFor();
      await tabTo(/^Characters in a message$/u);
      await type("5000");
      await page.keyboard.press("Enter");
      await page.getByText("A whole number from 1 to 4,000, or nothing.").waitFor();
      const field = page.getByLabel("Characters in a message");
      if ((await field.inputValue()) !== "5000" || (await field.getAttribute("aria-invalid")) !== "true") throw new Error("what was typed is gone");
      await page.keyboard.press("Control+a");
      await type("3999");
      await page.keyboard.press("Enter");
      await page.getByText("Saved", { exact: true }).waitFor();
      const { limits } = (await asAnn.call("GET", "/admin/config")) as { limits: { content_points: number } };
      if (limits.content_points !== 3_999) throw new Error(`${limits.content_points} characters hold`);
      await asAnn.call("PATCH", "/admin/config", { limits: { content_points: null }, accent: 300 });
      await bob.page.reload();
      await until(async () => (await hueOf(bob.page)) === "300", "bob's page has the accent");
      await asAnn.call("PATCH", "/admin/config", { accent: null });
      await bob.page.reload();
      await until(async () => (await hueOf(bob.page)) === "195", "it is Snug's own again");
    },
  },
  {
    sentence: "the audit log tells who did what to whom, and is asked by person and by kind with the keyboard alone",
    async walk({ ann: { page } }) {
      const { tabTo, type, jump, press } = keysOf(page);
      await jump("Audit log", "Audit log");
      const rows = page.locator(".desk__row");
      await rows.filter({ hasText: "Erased a member's personal data" }).filter({ hasText: "To: Former member" }).waitFor();
      await tabTo(/^By person$/u);
      await type("bob");
      await press("Enter");
      await page.getByRole("button", { name: /not only bob/iu }).waitFor();
      await until(async () => (await rows.count()) > 0 && (await rows.filter({ hasText: "ann" }).count()) === 0, "only what bob did is told");
      await tabTo(/not only bob/iu, "Shift+Tab");
      await press("Enter");
      await rows.filter({ hasText: "Made an invitation" }).first().waitFor();
      await tabTo(/^Every kind/u);
      await type("Inv");
      await until(async () => (await rows.count()) > 0 && (await rows.filter({ hasText: "Signed in" }).count()) === 0, "only invitations are told");
    },
  },
  {
    sentence: "the page about the server tells its version and that it is well, and leads to its documents",
    async walk({ server, ann: { page } }) {
      const { version } = (await (await fetch(`${origin(server)}/version`)).json()) as { version: string };
      await keysOf(page).jump("About", "About");
      await page.getByText(version, { exact: true }).waitFor();
      await page.getByText("Everything works").waitFor();
      if ((await page.getByRole("link", { name: "The API of this server" }).getAttribute("href")) !== "/openapi")
        throw new Error("it leads elsewhere");
      await goTo(page, "general");
    },
  },
  {
    sentence: "otto takes everything of his along, leaves by his password, and comes in no more",
    async walk({ browser, server }) {
      await joined(server, "otto");
      const otto = await askerOf(origin(server), "otto");
      await postAs(otto, (await roomNamed(otto, "general")).id, "mine alone");
      await aside(browser, "otto", origin(server), async ({ page }) => {
        await page.goto(`${origin(server)}/me`);
        await enter(page, "otto", "Sign in");
        await page.getByRole("button", { name: "Download my data" }).waitFor();
        const coming = page.waitForEvent("download");
        await page.getByRole("button", { name: "Download my data" }).press("Enter");
        const lines = (await Bun.file(await (await coming).path()).text()).trimEnd().split("\n");
        if (!lines.some((line) => line.includes("mine alone")) || !(lines.at(-1) ?? "").includes('"end"'))
          throw new Error(lines.join("\n").slice(0, 400));
        await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
        await page.getByLabel("Password", { exact: true }).press("Enter");
        await page.getByRole("alertdialog").getByRole("button", { name: "Leave workspace" }).press("Enter");
        await page.getByLabel("Username").waitFor();
      });
      await refused(server, "otto");
    },
  },
];

const origin = ({ port }: Stage["server"]): string => `http://127.0.0.1:${port}`;
const hueOf = (page: Page): Promise<string> =>
  page.evaluate(() => getComputedStyle(document.documentElement).getPropertyValue("--accent-hue").trim());
const never = (): never => {
  throw new Error("bob has no browser");
};

async function joined(server: Stage["server"], username: string): Promise<void> {
  const asAnn = await askerOf(origin(server), "ann");
  const { code } = (await asAnn.call("POST", "/admin/invites", { role: "member", expires_in_seconds: 600, max_uses: 1 })) as { code: string };
  await callerOf(origin(server), null)("POST", "/auth/register", { username, password: PASSWORD, code });
}

async function refused(server: Stage["server"], username: string): Promise<void> {
  const isIn = await askerOf(origin(server), username).then(
    () => true,
    () => false,
  );
  if (isIn) throw new Error(`${username} still comes in`);
}

/** Down the open menu to this item, and takes it. */
async function choose(page: Page, words: string): Promise<void> {
  const focused = (): Promise<string> => page.evaluate(() => document.activeElement?.textContent ?? "");
  for (let steps = 0; (await focused()) !== words; steps += 1) {
    if (steps > 12) throw new Error(`the menu does not come to ${words}`);
    await page.keyboard.press("ArrowDown");
  }
  await page.keyboard.press("Enter");
}

/** The keyboard of somebody who uses nothing else; after each key they must see where they are. */
function keysOf(page: Page) {
  const press = async (...keys: string[]): Promise<void> => {
    for (const key of keys) {
      await page.keyboard.press(key);
      await until(() => isFocusSeen(page), `the focus is seen after ${key}`, 2_000);
    }
  };
  const named = (): Promise<string> =>
    page.evaluate(() => {
      const one = document.activeElement;
      const label = one instanceof HTMLInputElement || one instanceof HTMLSelectElement ? one.labels?.[0]?.textContent : undefined;
      return one?.getAttribute("aria-label") ?? (label !== undefined && !(one instanceof HTMLSelectElement) ? label : (one?.textContent ?? ""));
    });
  return {
    press,
    type: (text: string): Promise<void> => page.keyboard.type(text),
    async tabTo(name: RegExp, key = "Tab"): Promise<void> {
      for (let stops = 0; !name.test(await named()); stops += 1) {
        if (stops > 60) throw new Error(`Tab does not come to ${name}`);
        await press(key);
      }
    },
    /** By "Jump to…". */
    async jump(words: string, heading: string): Promise<void> {
      await page.keyboard.press("Control+k");
      await page.getByRole("dialog").waitFor();
      await page.keyboard.type(words);
      await page.getByRole("option", { name: words }).first().waitFor();
      await page.keyboard.press("Enter");
      await page.getByRole("heading", { name: heading, exact: true }).waitFor();
    },
  };
}
