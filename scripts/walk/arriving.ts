/** The walk's way in: the first address, an invitation, and invitations that open nothing. */
import { aside, invite, isStored, say, signUp } from "./person.ts";
import { askerOf, callerOf, PASSWORD } from "./rest.ts";
import { until } from "./server.ts";
import type { Step } from "./steps.ts";

const MINUTE_S = 60; // no invitation lasts for less
const SHUT = "This invitation does not open the door.";

/** The code of an invitation that will have run out when the walk asks for it. */
let running_out = "";

export const arrivingSteps: readonly Step[] = [
  {
    sentence: "1. the printed address in an empty folder leads by one form to #general, and the owner can post",
    async walk({ server, ann }) {
      await signUp(ann, server.setup, "ann", "Make workspace");
      if (ann.page.url().includes("#")) throw new Error(`the token stands in the address: ${ann.page.url()}`);
      await say(ann, "is anybody here?");
      await isStored(ann, "is anybody here?");
      await ann.page.getByRole("heading", { name: "Welcome to Harbour" }).waitFor();
    },
  },
  {
    sentence: "3. bob joins by a link that ann makes, through a proxy, and is among her people without a reload",
    async walk({ server, ann, bob, proxy }) {
      const { call } = await askerOf(`http://127.0.0.1:${server.port}`, "ann");
      // cy, of whom nobody sees anything yet
      const { code } = (await call("POST", "/admin/invites", { role: "member", expires_in_seconds: 3_600, max_uses: 1 })) as { code: string };
      await callerOf(`http://127.0.0.1:${server.port}`, null)("POST", "/auth/register", { username: "cy", password: PASSWORD, code });
      running_out = ((await call("POST", "/admin/invites", { role: "member", expires_in_seconds: MINUTE_S, max_uses: 1 })) as { code: string }).code;
      const link = await invite(ann);
      await ann.page.evaluate(() => Reflect.set(window, "walkStayed", true));
      await ann.page.getByRole("button", { name: /Details/u }).click();
      const people = ann.page.locator(".details__who");
      await people.filter({ hasText: "ann" }).waitFor();
      if ((await people.filter({ hasText: "bob" }).count()) > 0) throw new Error("bob was there before he came");
      await signUp(bob, link.replace(/:\d+\//u, `:${proxy.port}/`), "bob", "Create account");
      await people.filter({ hasText: "bob" }).waitFor({ timeout: 5_000 });
      if (!(await ann.page.evaluate(() => Reflect.get(window, "walkStayed") === true))) throw new Error("the page was loaded anew");
      if ((await ann.page.getByRole("heading", { name: "Welcome to Harbour" }).count()) > 0) throw new Error("the welcome has stayed");
      await ann.page.keyboard.press("Control+.");
    },
  },
];

/** Later: an invitation cannot run out in less than a minute. */
export const shutDoors: readonly Step[] = [
  {
    sentence: "4. a revoked, a used up, an expired and an invented invitation read the same",
    async walk({ browser, server }) {
      const origin = `http://127.0.0.1:${server.port}`;
      const stranger = callerOf(origin, null);
      const { call } = await askerOf(origin, "ann");
      const made = async (max_uses: number) =>
        (await call("POST", "/admin/invites", { role: "member", expires_in_seconds: 3_600, max_uses })) as { id: string; code: string };
      const [open, revoked, used_up] = [await made(5), await made(5), await made(1)];
      await call("DELETE", `/admin/invites/${revoked.id}`);
      await stranger("POST", "/auth/register", { username: "dot", password: PASSWORD, code: used_up.code });
      const isOpen = async (): Promise<boolean> => ((await stranger("POST", "/invites/check", { code: running_out })) as { valid: boolean }).valid;
      await until(async () => !(await isOpen()), "a minute is over", 70_000);

      await aside(browser, "eve", origin, async ({ page }) => {
        await page.goto(`${origin}/join#${open.code}`);
        await page.getByRole("heading", { name: "Join Harbour" }).waitFor();
        const read: string[] = [];
        for (const code of [revoked.code, used_up.code, running_out, "invented"]) {
          await page.goto("about:blank");
          await page.goto(`${origin}/join#${code}`);
          await page.getByRole("heading", { name: SHUT }).waitFor();
          read.push(await page.locator("main").innerText());
          if ((await page.getByLabel("Username").count()) > 0) throw new Error("there is a form all the same");
        }
        if (new Set(read).size !== 1) throw new Error(read.join(" | "));
        await page.getByRole("button", { name: "I have an account" }).click();
        await page.getByRole("heading", { name: /Sign in/u }).waitFor();
      });
    },
  },
];
