/** Steps at a server that nobody has set up yet and that lets nobody register: who comes first, who comes at all, and who guesses. */
import type { Browser } from "playwright-core";
import { aside, enter, inRoom, sit } from "./person.ts";
import { askerOf, callerOf, PASSWORD } from "./rest.ts";
import { until, type Walked } from "./server.ts";

export type Doors = { browser: Browser; server: Walked };
export type DoorStep = { sentence: string; walk: (doors: Doors) => Promise<void> };

const originOf = ({ port }: Walked): string => `http://127.0.0.1:${port}`;
let owner = "";

export const doorSteps: readonly DoorStep[] = [
  {
    sentence: "2. of two who send setup at once one is the owner, and the other is led to sign-in",
    async walk({ browser, server }) {
      const two = await Promise.all(["ann", "mallory"].map((name) => sit(browser, name, () => originOf(server))));
      for (const { page, name } of two) {
        await page.goto(server.setup);
        await page.getByLabel("Workspace").fill(`${name}'s`);
        await page.getByLabel("Username").fill(name);
        await page.getByRole("textbox", { name: "Password" }).fill(PASSWORD);
      }
      await Promise.all(two.map(({ page }) => page.getByRole("button", { name: "Make workspace" }).click()));
      const ends = await Promise.all(
        two.map(async ({ page, name }) => {
          const [room, late] = [
            page.getByRole("heading", { name: "#general" }),
            page.getByRole("heading", { name: "This workspace already has an owner" }),
          ];
          await room.or(late).waitFor();
          return { name, page, isOwner: (await room.count()) === 1 };
        }),
      );
      const [first, second] = [ends.find(({ isOwner }) => isOwner), ends.find(({ isOwner }) => !isOwner)];
      if (!first || !second) throw new Error(first ? "both are owners" : "nobody is the owner");
      await second.page.getByRole("button", { name: "Sign in" }).waitFor();
      await enter(second.page, second.name, "Sign in");
      await second.page.getByText("do not belong together").waitFor();
      owner = first.name;
      for (const { context } of two) await context.close();
    },
  },
  {
    sentence: "5. with registration closed there is no way to an account on any page",
    async walk({ browser, server }) {
      const origin = originOf(server);
      const { call } = await askerOf(origin, owner);
      const { code } = (await call("POST", "/admin/invites", { role: "member", expires_in_seconds: 3_600, max_uses: 5 })) as { code: string };
      await aside(browser, "a stranger", origin, async ({ page }) => {
        for (const path of ["/", "/sign-in", "/join", "/join#invented", `/join#${code}`, "/setup", "/browse", "/me", "/r/nowhere"]) {
          await page.goto("about:blank");
          await page.goto(origin + path);
          await page.locator("main h1").waitFor();
          if (!path.startsWith("/join#"))
            await page.getByText("Ask an admin for an account").waitFor(); // it has been asked what the door is like
          else await page.getByText("does not open the door").waitFor();
          const ways = await page.getByRole("button", { name: /create account|make workspace|join/iu }).count();
          if (ways > 0) throw new Error(`${path} has a way in`);
        }
      });
      for (const body of [{}, { code }]) {
        const refused = await callerOf(origin, null)("POST", "/auth/register", { username: "cy", password: PASSWORD, ...body }).catch(String);
        if (!String(refused).includes(": 403 ")) throw new Error(`registered: ${JSON.stringify(refused)}`);
      }
    },
  },
  {
    sentence: "6. after five wrong passwords a countdown shows and what was typed stays; when it ends the right one works",
    walk: ({ browser, server }) =>
      aside(browser, owner, originOf(server), async ({ page }) => {
        await page.goto(`${originOf(server)}/sign-in`);
        const alert = page.locator("form [role=alert]");
        for (let i = 0; i < 5; i += 1) {
          await enter(page, owner, "Sign in", `guess ${i}`);
          await until(
            async () => (await page.locator("form[aria-busy=true]").count()) === 0 && (await alert.innerText()) !== "",
            "the guess is answered",
          );
          if (!(await alert.innerText()).includes("do not belong together")) throw new Error(`guess ${i}: ${await alert.innerText()}`);
        }
        await enter(page, owner, "Sign in");
        await alert.filter({ hasText: /Try again in \d+ seconds?\./u }).waitFor();
        const [name, password] = [page.getByLabel("Username"), page.getByRole("textbox", { name: "Password" })];
        if ((await name.inputValue()) !== owner || (await password.inputValue()) !== PASSWORD) throw new Error("what was typed is gone");
        if ((await page.getByRole("heading", { name: "#general" }).count()) > 0) throw new Error("the right one worked at once");
        await until(async () => (await alert.innerText()) === "", "the countdown is over");
        await page.getByRole("button", { name: "Sign in" }).click();
        await inRoom(page);
      }),
  },
];
