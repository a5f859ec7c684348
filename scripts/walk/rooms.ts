/** Steps of the walk about rooms and who runs them: what of a channel is changed, who posts in it, where it is found once it is archived. */
import type { Page } from "playwright-core";
import { goTo, inside } from "./person.ts";
import { askerOf, roomNamed } from "./rest.ts";
import { until } from "./server.ts";
import type { Stage, Step } from "./steps.ts";

const originOf = ({ server }: Stage): string => `http://127.0.0.1:${server.port}`;
const details = (page: Page) => page.locator("#details");

export const roomSteps: readonly Step[] = [
  {
    sentence: "ann edits a channel in its pane: a taken name is refused at its place, going private is asked first, and bob sees it as it is",
    async walk(stage) {
      const { ann, bob } = stage;
      const asAnn = await askerOf(originOf(stage), "ann");
      const bob_id = (await askerOf(originOf(stage), "bob")).id;
      await asAnn.call("POST", "/rooms", { type: "channel", name: "mast", visibility: "public", user_ids: [bob_id] });
      await goTo(ann.page, "mast");
      await goTo(bob.page, "mast");
      await bob.page.keyboard.press("Control+.");
      await details(bob.page).getByRole("button", { name: "Leave" }).waitFor();
      for (const name of ["Edit channel", "Archive"])
        if ((await details(bob.page).getByRole("button", { name }).count()) > 0) throw new Error(`bob is offered to ${name}`);
      await bob.page.keyboard.press("Control+.");
      await ann.page.keyboard.press("Control+.");
      await details(ann.page).getByRole("button", { name: "Edit channel" }).click();
      const form = ann.page.getByRole("form", { name: "Edit channel" });
      const name = form.getByRole("textbox", { name: "Name" });
      await name.fill("General");
      await name.press("Enter");
      await form.locator("[data-of=name]", { hasText: "That name is taken." }).waitFor();
      if ((await name.getAttribute("aria-invalid")) !== "true") throw new Error("its field does not say so");
      await name.fill("mizzen");
      await form.getByRole("textbox", { name: "Topic" }).fill("Sails and ropes");
      await form.getByRole("radio", { name: /^Private/u }).check();
      await name.press("Enter");
      await ann.page
        .getByRole("alertdialog", { name: /^Make #mast private/u })
        .getByRole("button", { name: "Make private" })
        .click();
      await form.waitFor({ state: "detached" });
      await inside(bob.page, "#mizzen");
      await bob.page.locator(".room-head__words", { hasText: "Sails and ropes" }).waitFor();
      if ((await roomNamed(asAnn, "mizzen")).visibility !== "private") throw new Error("it is public");
      if (!(await ann.page.evaluate(() => document.activeElement?.id === "details-edit")))
        throw new Error("the focus is not where the form was opened");
    },
  },
  {
    sentence: "where only admins post bob has nothing to write in, from the change on; once he is an admin of the room he has",
    async walk({ ann, bob }) {
      const form = ann.page.getByRole("form", { name: "Edit channel" });
      await details(ann.page).getByRole("button", { name: "Edit channel" }).click();
      await form.getByRole("radio", { name: /^Only admins/u }).check();
      await form.getByRole("button", { name: "Save" }).click();
      await bob.page.getByText("Only admins post here.").waitFor();
      await ann.page.getByRole("textbox", { name: "Message #mizzen" }).waitFor();
      await details(ann.page).getByRole("button", { name: "Actions for bob" }).click();
      await ann.page.getByRole("menuitem", { name: "Make admin" }).click();
      await bob.page.getByRole("textbox", { name: "Message #mizzen" }).fill("aye");
      await bob.page.keyboard.press("Enter");
      await ann.page.locator(".message__text", { hasText: "aye" }).waitFor();
    },
  },
  {
    sentence: "ann hands the channel over to bob, who may then make her a member, as she could not him",
    async walk({ ann, bob }) {
      await details(ann.page).getByRole("button", { name: "Actions for bob" }).click();
      await ann.page.getByRole("menuitem", { name: "Make owner" }).click();
      await ann.page.getByRole("alertdialog").getByRole("button", { name: "Make owner" }).click();
      await details(ann.page).locator(".details__person", { hasText: "bob" }).locator(".details__role", { hasText: "Owner" }).waitFor();
      await bob.page.keyboard.press("Control+.");
      await details(bob.page).getByRole("button", { name: "Actions for ann" }).click();
      await bob.page.getByRole("menuitem", { name: "Make member" }).click();
      await details(bob.page).locator(".details__person", { hasText: "ann" }).locator(".details__role").waitFor({ state: "detached" });
      await bob.page.keyboard.press("Control+.");
    },
  },
  {
    sentence: "an archived channel is read and not written to, leaves the list with its reader, and is restored from the list of channels",
    async walk(stage) {
      const { ann, bob } = stage;
      for (const who of ["ann", "bob"]) {
        const asker = await askerOf(originOf(stage), who);
        await until(async () => (await roomNamed(asker, "mizzen")).me?.unread === 0, `${who} has read it: what is unread stays in the list`);
      }
      await details(ann.page).getByRole("button", { name: "Archive" }).click();
      await ann.page.getByRole("alertdialog").getByRole("button", { name: "Archive" }).click();
      for (const { page } of [ann, bob]) await page.getByText("This room is archived.").first().waitFor();
      await ann.page.keyboard.press("Control+.");
      const row = (page: Page) => page.getByRole("navigation").getByRole("link", { name: "mizzen" });
      for (const { page } of [ann, bob]) {
        await goTo(page, "general");
        await page.mouse.move(700, 300); // off the list, which does not change under the pointer
        await page.locator("#composer").focus();
        await until(async () => (await row(page).count()) === 0, "it has left the list");
      }
      await ann.page.getByRole("button", { name: "Browse channels" }).click();
      await ann.page.locator(".browse__archived > summary").click();
      await ann.page.getByRole("button", { name: "Restore #mizzen" }).click();
      await row(bob.page).waitFor();
      await goTo(ann.page, "mizzen");
      await ann.page.getByRole("textbox", { name: "Message #mizzen" }).waitFor();
      await goTo(ann.page, "general");
    },
  },
];
