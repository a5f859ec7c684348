import { expect, test } from "bun:test";
import { type Layer, LayersModel } from "./layers.ts";

/** A browser's history of entries that say which layers were open, and a Back button. */
function browser(isNarrow: boolean) {
  const entries: (readonly Layer[])[] = [[]];
  let at = 0;
  const back = (): void => {
    at -= 1;
    layers.wentTo(entries[at] ?? []);
  };
  const push = (open: readonly Layer[]): void => {
    entries.splice(at + 1);
    entries.push(open);
    at = entries.length - 1;
  };
  const layers = new LayersModel({ isNarrow: () => isNarrow, push, back });
  return { layers, back, at: () => at };
}

test("on a phone Back closes the menu, then the details, then leaves the room", () => {
  const { layers, back, at } = browser(true);
  layers.lay("details");
  layers.lay("menu");
  expect([layers.open.value, at()]).toEqual([["details", "menu"], 2]);
  back();
  expect(layers.open.value).toEqual(["details"]);
  back();
  expect([layers.open.value, at()]).toEqual([[], 0]);
});

test("what is closed by its own button takes its entry along, so that Back does not close it again", () => {
  const { layers, at } = browser(true);
  layers.lay("details");
  layers.lift("details");
  expect([layers.open.value, at()]).toEqual([[], 0]);
  layers.lift("details");
  expect(at()).toBe(0);
});

test("where there is room nothing is an entry, and the details stay while rooms change; the menu goes", () => {
  const { layers, at } = browser(false);
  layers.lay("details");
  layers.lay("menu");
  layers.leave();
  expect([layers.open.value, at()]).toEqual([["details"], 0]);
});
