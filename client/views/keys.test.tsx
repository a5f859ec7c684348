import { afterEach, expect, test } from "bun:test";
import { cleanup, fireEvent } from "@testing-library/preact";
import { testHouse } from "../testing/house.ts";
import { drawn, field, seated } from "../testing/page.tsx";

afterEach(() => {
  cleanup();
  localStorage.clear();
});

const press = async (key: string, more: KeyboardEventInit = {}): Promise<boolean> => {
  const isTheirs = fireEvent.keyDown(document.activeElement ?? document.body, { key, ...more });
  await drawn();
  return isTheirs;
};
/** A room in which the last message is new. */
const withNews = () => {
  const house = testHouse();
  house.run({ do: "post", user: "ann", content: "read" });
  house.run({ do: "ack", at: 1 });
  house.run({ do: "post", user: "ann", content: "new" });
  return house;
};
const newLine = (): Element | null => document.querySelector(".messages__new");

test("Esc in a reply drops the reply and leaves New as it is", async () => {
  const { app } = await seated(withNews());
  field("Message ann, bob").focus();
  await press("ArrowUp", { shiftKey: true });
  await press("Escape");
  expect(app.acts.replying.value.size).toBe(0);
  expect(newLine()).not.toBeNull();
});

test("Shift+PageUp leads to the New line; where nothing is new it leads nowhere", async () => {
  const { app, clock } = await seated(withNews());
  await app.timeline.value?.newest();
  expect(await press("PageUp", { shiftKey: true })).toBe(false);
  expect(app.timeline.value?.opening.value).toEqual({ at: "new" });
  await press("Escape");
  await clock.advance(1_000);
  const before = app.timeline.value?.opening.value;
  await press("PageUp", { shiftKey: true });
  expect(app.timeline.value?.opening.value).toBe(before);
});

test("Shift+Esc asks before everything is read", async () => {
  const { app, clock } = await seated(withNews());
  await press("Escape", { shiftKey: true });
  await clock.advance(1_000);
  expect(app.room.value?.me.unread).toBe(1);
  const ask = document.querySelector<HTMLDialogElement>("#dialog-confirm");
  expect(ask?.open).toBe(true);
  ask?.close("yes");
  await drawn();
  await clock.advance(1_000);
  expect(app.room.value?.me.unread).toBe(0);
});

test("Mod+. opens the details of a room and closes them, and where there is no room it opens nothing for later", async () => {
  const { app } = await seated(testHouse(), "/r/room", { "GET /rooms/room/members": () => ({ items: [] }) });
  await press(".", { ctrlKey: true });
  expect(document.querySelector(".details")).not.toBeNull();
  await press(".", { ctrlKey: true });
  expect(document.querySelector(".details")).toBeNull();
  app.place.go("/me");
  await drawn();
  await press(".", { ctrlKey: true });
  expect(app.layers.open.value).toEqual([]);
});

test("regions are gone through in their order, and back to where the focus last was", async () => {
  await seated(withNews());
  const at = (): string | undefined =>
    [".sidebar", "#messages", ".composer"].find((one) => document.activeElement !== null && document.activeElement.closest(one) !== null);
  field("Message ann, bob").focus();
  await press("F6", { ctrlKey: true });
  expect(at()).toBe(".sidebar");
  await press("F6", { ctrlKey: true });
  expect(at()).toBe("#messages");
  await press("F6", { ctrlKey: true, shiftKey: true });
  await press("F6", { ctrlKey: true, shiftKey: true });
  expect(document.activeElement === field("Message ann, bob")).toBe(true);
});

test("Ctrl+U attaches from wherever one is in the room, once, and from a field to that field", async () => {
  await seated(withNews());
  const opened: string[] = [];
  for (const one of document.querySelectorAll<HTMLInputElement>(".room [type=file]")) one.click = () => void opened.push("room's");
  if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
  expect(await press("u", { ctrlKey: true })).toBe(false);
  field("Message ann, bob").focus();
  expect(await press("u", { ctrlKey: true })).toBe(false);
  expect(opened).toEqual(["room's", "room's"]);
});

test("what is typed or pasted where nothing takes it is meant for the room; a space and a key that is held with another are not, nor is anything under a dialog", async () => {
  await seated(withNews());
  const list = document.querySelector<HTMLElement>("#messages");
  const goesTo = async (key: string, more: KeyboardEventInit = {}): Promise<boolean> => {
    list?.focus();
    expect(await press(key, more)).toBe(true); // the browser types it
    return document.activeElement === field("Message ann, bob");
  };
  expect([await goesTo("h"), await goesTo("H", { shiftKey: true }), await goesTo("v", { ctrlKey: true })]).toEqual([true, true, true]);
  const others = [
    await goesTo(" "),
    await goesTo("c", { ctrlKey: true }),
    await goesTo("h", { altKey: true }),
    await goesTo("Shift"),
    await goesTo("h", { keyCode: 229 }),
  ];
  expect(others).toEqual([false, false, false, false, false]);
  await press("Escape", { shiftKey: true });
  const ask = document.querySelector<HTMLDialogElement>("#dialog-confirm");
  expect(ask?.open).toBe(true);
  expect(await goesTo("h")).toBe(false);
  ask?.close("no");
});

test("PageUp and PageDown scroll the messages while one writes", async () => {
  await seated(withNews());
  const by: unknown[] = [];
  const list = document.querySelector<HTMLElement>("#messages");
  Object.defineProperty(list, "clientHeight", { value: 400 });
  if (list) list.scrollBy = (...how: unknown[]) => void by.push(...how);
  field("Message ann, bob").focus();
  expect([await press("PageUp"), await press("PageDown")]).toEqual([false, false]);
  expect(by).toEqual([{ top: -340 }, { top: 340 }]);
});
