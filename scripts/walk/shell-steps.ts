/** The walk through what stands around the conversation: rooms, keys, people, and being put out. */
import { fromMenu, inRoom, inside } from "./person.ts";
import { until } from "./server.ts";
import type { Step } from "./steps.ts";

export const shellSteps: readonly Step[] = [
  {
    sentence: "ann makes a private channel with bob by the keyboard alone, and he sees it without a reload",
    async walk({ ann, bob }) {
      const { page } = ann;
      await page.getByRole("button", { name: "New channel" }).first().focus();
      await page.keyboard.press("Enter");
      const dialog = page.getByRole("dialog", { name: "New channel" });
      await dialog.waitFor();
      await page.keyboard.type("quay");
      await dialog.getByRole("radio", { name: "Private" }).focus();
      await page.keyboard.press("Space");
      await dialog.getByRole("textbox", { name: "People" }).focus();
      await dialog.getByRole("listitem").filter({ hasText: "bob" }).waitFor();
      await page.keyboard.type("bob");
      await page.keyboard.press("Enter");
      await dialog.getByRole("button", { name: "Take bob out again" }).waitFor();
      await page.keyboard.press("Enter");
      await inside(page, "#quay");
      await bob.page.getByRole("link", { name: "quay" }).waitFor();
    },
  },
  {
    sentence: "a taken name is refused at its field, and what was typed stays",
    async walk({ ann: { page } }) {
      await page.getByRole("button", { name: "New channel" }).first().click();
      const name = page.getByRole("dialog", { name: "New channel" }).getByRole("textbox", { name: "Name" });
      await name.fill("Quay");
      await name.press("Enter");
      await page.getByText("That name is taken.").waitFor();
      if ((await name.inputValue()) !== "Quay" || (await name.getAttribute("aria-invalid")) !== "true") throw new Error("the field was lost");
      await page.keyboard.press("Escape");
      await until(async () => (await page.locator("dialog[open]").count()) === 0, "the dialog is closed");
    },
  },
  {
    sentence: "36. Mod+K, three letters and Enter open a room, and nothing is asked before it opens",
    async walk({ ann: { page } }) {
      const asked: string[] = [];
      const note = (request: { url(): string }): void => void asked.push(new URL(request.url()).pathname);
      await page.keyboard.press("Control+k");
      await page.getByRole("combobox").waitFor();
      await page.getByRole("option", { name: "general" }).waitFor();
      await page.keyboard.press("Escape"); // the first opening asks for people and channels that are not known yet
      page.on("request", note);
      await page.keyboard.press("Control+k");
      await page.keyboard.type("gen");
      await page.getByRole("option", { selected: true }).filter({ hasText: "general" }).waitFor();
      if (asked.length > 0) throw new Error(`asked ${asked.join(", ")}`);
      await page.keyboard.press("Enter");
      await inRoom(page);
      page.off("request", note);
      await until(() => page.evaluate(() => document.activeElement?.id === "composer"), "the focus is where one writes");
    },
  },
  {
    sentence: "regions, help and details are reached by keys, and each gives the focus back",
    async walk({ ann: { page } }) {
      const focused = (selector: string) => () => page.evaluate((one) => document.activeElement?.closest(one) !== null, selector);
      await page.locator("#composer").focus();
      await page.keyboard.press("Control+F6");
      await until(focused(".sidebar"), "after writing comes the sidebar");
      await page.keyboard.press("Control+Shift+F6");
      await until(focused(".composer"), "and back again");
      await page.keyboard.press("Control+/");
      await page.getByRole("dialog", { name: "Keyboard shortcuts" }).waitFor();
      await page.keyboard.press("Escape");
      await until(focused(".composer"), "the sheet gives the focus back");
      await page.keyboard.press("Control+.");
      await page.getByRole("complementary", { name: "Details" }).waitFor();
      await page.keyboard.press("Control+.");
      await page.getByRole("complementary", { name: "Details" }).waitFor({ state: "detached" });
      await page.keyboard.press("Alt+ArrowDown");
      await inside(page, "#quay");
      await page.keyboard.press("Alt+ArrowUp");
      await inRoom(page);
    },
  },
  {
    sentence: "from the list of people one comes to a card, and from there into the one conversation with bob",
    async walk({ ann: { page } }) {
      await page.getByRole("button", { name: /Details/u }).click();
      await page.locator(".details__who", { hasText: "bob" }).click();
      await page.getByRole("dialog", { name: "Profile of bob" }).getByRole("button", { name: "Message" }).click();
      await inside(page, "bob");
      const first = page.url();
      await page.keyboard.press("Control+.");
      await page.keyboard.press("Control+Shift+K");
      const dialog = page.getByRole("dialog", { name: "New direct message" });
      await dialog.getByRole("listitem").filter({ hasText: "bob" }).getByRole("button").click();
      await dialog.getByRole("button", { name: "Open conversation" }).click();
      await until(async () => (await page.locator("dialog[open]").count()) === 0, "the dialog is closed");
      if (page.url() !== first) throw new Error("it is another conversation");
      await page.getByRole("link", { name: "general" }).click();
      await inRoom(page);
    },
  },
  {
    sentence: "what was chosen in the settings is worn before the first paint of the next visit",
    async walk({ ann: { page } }) {
      await fromMenu(page, "Settings");
      await page.getByText("Dark", { exact: true }).click();
      const isDark = () => page.evaluate(() => document.documentElement.dataset["scheme"] === "dark");
      await until(isDark, "the page is dark");
      await page.reload({ waitUntil: "commit" });
      await until(isDark, "the next visit begins dark");
      await page.getByText("As the system", { exact: true }).click();
      await page.getByRole("link", { name: "general" }).click();
      await inRoom(page);
    },
  },
];
