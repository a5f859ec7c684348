/** Steps of the walk at the composer, for what is no plain message: a call to the whole room, and lines that begin with a slash. */
import { askerOf, callerOf, PASSWORD } from "./rest.ts";
import { goTo, inside, sees } from "./person.ts";
import { until } from "./server.ts";
import type { Step } from "./steps.ts";

const CREW = ["dee", "ebba", "fay", "gus", "hal", "ida"];

export const commandSteps: readonly Step[] = [
  {
    sentence: "@room asks before it calls more than a handful, a no keeps what was written, and a yes calls them",
    async walk({ server, ann: { page }, bob }) {
      const origin = `http://127.0.0.1:${server.port}`;
      const ann = await askerOf(origin, "ann");
      const invite = (await ann.call("POST", "/admin/invites", { role: "member", expires_in_seconds: 3_600, max_uses: 10 })) as { code: string };
      const register = async (username: string): Promise<string> =>
        ((await callerOf(origin, null)("POST", "/auth/register", { username, password: PASSWORD, code: invite.code })) as { id: string }).id;
      const { id: bobs } = await askerOf(origin, "bob");
      const user_ids = [bobs, ...(await Promise.all(CREW.map(register)))];
      await ann.call("POST", "/rooms", { type: "channel", name: "crew", visibility: "private", user_ids });
      await goTo(page, "crew");
      await goTo(bob.page, "crew");
      const field = page.locator("#composer");
      await field.fill("@room all hands on deck");
      await field.press("Enter");
      const question = page.getByRole("alertdialog", { name: "Notify 7 people?" });
      await question.getByRole("button", { name: "Cancel" }).click();
      if ((await field.inputValue()) !== "@room all hands on deck") throw new Error("what was written is gone");
      const isAsked = async (): Promise<boolean> => (await question.count()) > 0;
      await until(async () => (await isAsked()) || field.press("Enter").then(isAsked), "she is asked again"); // the answer before may be under way still
      await question.getByRole("button", { name: "Notify" }).click();
      await sees(bob, "@room all hands on deck");
    },
  },
  {
    sentence:
      "a slash lists the commands; /me is seen in italics, /topic stands in the head, an unknown one is said and stays, and /leave leads away",
    async walk({ ann: { page }, bob }) {
      const field = page.locator("#composer");
      await field.pressSequentially("/m");
      await page.getByRole("option", { name: /^me/u }).waitFor();
      await page.keyboard.press("Enter"); // takes the first of the list
      await page.keyboard.type("waves");
      await page.keyboard.press("Enter");
      await bob.page.locator(".message__text em", { hasText: "waves" }).waitFor();
      await field.fill("/topic Everything that floats");
      await field.press("Enter");
      await bob.page.locator(".room-head", { hasText: "Everything that floats" }).waitFor();
      await field.fill("/sing");
      await field.press("Enter");
      await page.getByText("There is no command /sing.").waitFor();
      if ((await field.inputValue()) !== "/sing") throw new Error("what was written is gone");
      await field.fill("");
      const his = bob.page.locator("#composer");
      await his.fill("/leave");
      await his.press("Enter");
      await bob.page.getByRole("alertdialog", { name: "Leave #crew?" }).getByRole("button", { name: "Leave" }).click();
      await until(async () => (await bob.page.getByRole("link", { name: "crew" }).count()) === 0, "bob is out of #crew");
      for (const one of [page, bob.page]) await goTo(one, "general");
      await inside(page, "#general");
    },
  },
];
