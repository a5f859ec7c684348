/** A while at Firefox with the keyboard alone. */
import { inRoom, type Person, press, say, sees } from "./firefox-person.ts";
import { until } from "./server.ts";

export async function byKeys(ann: Person, bob: Person): Promise<void> {
  const { page } = ann;
  const { keyboard } = page;
  await page.bringToFront();
  await press(page, "Control", "k");
  await page.waitForSelector("dialog[open] [role=combobox]");
  await keyboard.type("qua");
  await until(
    () => page.evaluate(() => document.querySelector("[role=option][aria-selected=true]")?.textContent?.includes("quay") === true),
    "it is found",
  );
  await keyboard.press("Enter");
  await inRoom(page, "#quay");
  await press(page, "Alt", "ArrowUp");
  await inRoom(page, "#general");
  await say(bob, "who has the rope?");
  await sees(ann, "who has the rope?");
  await page.focus("#composer");
  await press(page, "Shift", "ArrowUp");
  await page.waitForSelector(".replying");
  await keyboard.type("you have, @b");
  await page.waitForSelector("[role=option]");
  await keyboard.press("Tab");
  await keyboard.press("Enter");
  await sees(bob, "you have, @bob");
  await keyboard.press("ArrowUp");
  await page.waitForSelector(".edit-form textarea");
  await press(page, "Control", "a");
  await keyboard.type("you have it");
  await keyboard.press("Enter");
  await sees(bob, "you have it");
  await until(() => page.evaluate(() => document.activeElement?.id === "composer"), "the focus is back");
  await keyboard.down("Control");
  await press(page, "Shift", "F6");
  await keyboard.up("Control");
  await until(() => page.evaluate(() => document.activeElement?.matches("article") === true), "the messages have the focus");
  const outline = await page.evaluate(() => (document.activeElement ? getComputedStyle(document.activeElement).outlineStyle : "none"));
  if (outline === "none") throw new Error("the focus is not seen");
  await press(page, "Control", "F6");
  await press(page, "Control", "F6");
  await page.focus("[popovertarget=workspace-menu]");
  await keyboard.press("Enter");
  await page.waitForSelector("#workspace-menu:popover-open");
  await keyboard.press("End");
  await until(() => page.evaluate(() => document.activeElement?.textContent?.includes("Sign out") === true), "the last one is chosen");
  await keyboard.press("Enter");
  await page.waitForSelector("input[name=username]");
}
