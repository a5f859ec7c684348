/** Steps of the walk with the list of names. */
import type { Page } from "playwright-core";
import { composer, say, sees } from "./person.ts";
import { until } from "./server.ts";
import type { Step } from "./steps.ts";
import { isFocused } from "./writing.ts";

export const mentionSteps: readonly Step[] = [
  {
    sentence: "16. ann picks a mention from a listbox, answers and mends by keyboard alone, and it is bob who is marked",
    async walk({ ann, bob }) {
      const { keyboard } = ann.page;
      await say(bob, "who has the rope?");
      await sees(ann, "who has the rope?");
      await composer(ann.page).focus();
      await keyboard.press("Shift+ArrowUp");
      await keyboard.type("you have, @");
      await ann.page.getByRole("option", { name: "bob" }).waitFor();
      const before = await listed(ann.page);
      await keyboard.press("ArrowDown");
      const after = await listed(ann.page);
      if (before.active === after.active) throw new Error("↓ moves nothing");
      for (const told of [before, after]) if (told.fault !== "") throw new Error(told.fault);
      await keyboard.type("b");
      await until(async () => (await ann.page.getByRole("option").count()) === 1, "only bob is left");
      await keyboard.press("Tab");
      await keyboard.type("**surly**");
      await keyboard.press("Enter");
      await sees(bob, "you have, @bob surly");
      await ann.page.locator("[data-seq]", { hasText: "you have, @bob surly" }).waitFor(); // what is on its way cannot be edited yet
      await keyboard.press("ArrowUp");
      await ann.page.getByRole("textbox", { name: "Edit" }).waitFor();
      await keyboard.press("ControlOrMeta+A");
      await keyboard.type("you have, @b");
      await ann.page.getByRole("option", { name: "bob" }).waitFor(); // an edit is completed, too
      await keyboard.press("Enter");
      await keyboard.press("Enter");
      const row = bob.page.locator(".message", { has: bob.page.locator('.text__mention[data-mine="true"]') }).last();
      await until(async () => (await row.innerText()).includes("(edited)"), "bob sees the edit");
      if (!(await row.innerText()).includes("who has the rope?")) throw new Error(`no quote: ${await row.innerText()}`);
      await until(() => isFocused(ann.page, "#composer"), "the focus is back in the composer");
    },
  },
  {
    sentence: "what keys and lists write can be taken back",
    async walk({ ann }) {
      const { keyboard } = ann.page;
      await composer(ann.page).fill("");
      await keyboard.type("strong @b");
      await ann.page.getByRole("option", { name: "bob" }).waitFor();
      await keyboard.press("Enter");
      await until(async () => (await composer(ann.page).inputValue()) === "strong @bob ", "bob is named");
      await keyboard.press("ControlOrMeta+A");
      await keyboard.press("ControlOrMeta+B");
      await until(async () => (await composer(ann.page).inputValue()) === "**strong @bob **", "it is strong");
      await keyboard.press("ControlOrMeta+Z");
      await until(async () => (await composer(ann.page).inputValue()) === "strong @bob ", "that is taken back");
      await composer(ann.page).fill("");
    },
  },
];

/** Whether the list of suggestions and its field say of each other what a listbox and its combobox must. */
const listed = (page: Page): Promise<{ active: string | null; fault: string }> =>
  page.evaluate(() => {
    const field = document.activeElement;
    const list = document.querySelector("[role=listbox]");
    const active = field?.getAttribute("aria-activedescendant") ?? null;
    const chosen = [...document.querySelectorAll("[role=option][aria-selected=true]")];
    const faults = {
      "the field has lost the focus": field?.id !== "composer",
      "the field does not name the list": list === null || field?.getAttribute("aria-controls") !== list.id,
      "the list has no name": (list?.getAttribute("aria-label") ?? "") === "",
      "something in the list is no option": [...(list?.children ?? [])].some((one) => one.getAttribute("role") !== "option"),
      "not one is chosen": chosen.length !== 1,
      "the field names another": chosen[0]?.id !== active,
      "the field says nothing of a list": field?.getAttribute("aria-autocomplete") !== "list",
    };
    return {
      active,
      fault: Object.entries(faults)
        .flatMap(([words, is]) => (is ? [words] : []))
        .join(", "),
    };
  });
