import { afterEach, expect, test } from "bun:test";
import { cleanup, fireEvent, screen } from "@testing-library/preact";
import { options, type VNode } from "preact";
import { testHouse } from "../testing/house.ts";
import { drawn, field, seated } from "../testing/page.tsx";
import { PostRow } from "./message.tsx";

afterEach(() => {
  cleanup();
  localStorage.clear();
});

const houseOf = (...said: [user: string, content: string][]) => {
  const house = testHouse();
  for (const [user, content] of said) house.run({ do: "post", user, content });
  return house;
};
const articles = (): HTMLElement[] => screen.getAllByRole("article");
const stops = (): HTMLElement[] => articles().filter(({ tabIndex }) => tabIndex === 0);
const focused = (): string => document.activeElement?.getAttribute("aria-label") ?? "";
const press = async (key: string, more: KeyboardEventInit = {}): Promise<void> => {
  fireEvent.keyDown(document.activeElement ?? document.body, { key, ...more });
  await drawn();
};
const said = (): string[] => [...document.querySelectorAll("[role=log] p")].map(({ textContent }) => textContent);

test("the messages are one Tab stop: the newest at first, then the one that had the focus last", async () => {
  await seated(houseOf(["ann", "one"], ["bob", "two"], ["ann", "three"]));
  expect(stops().map((stop) => articles().indexOf(stop))).toEqual([2]);
  articles()[2]?.focus();
  await press("ArrowUp");
  expect(focused()).toContain("two");
  expect(stops().map((stop) => articles().indexOf(stop))).toEqual([1]);
  await press("Home");
  expect(focused()).toContain("one");
  await press("ArrowUp");
  expect(focused()).toContain("one");
  await press("End");
  await press("ArrowDown");
  expect(document.activeElement === field("Message ann, bob")).toBe(true);
  expect(stops()).toHaveLength(1);
});

test("a row is named by who, when and what, and that it was edited", async () => {
  const house = houseOf(["ann", "**one** @bob"], ["ann", "two"]);
  house.run({ do: "edit", at: 0 });
  await seated(house);
  expect(articles()[0]?.getAttribute("aria-label")).toMatch(/^ann, .*, one @bob!, edited$/u);
  expect(articles()[1]?.getAttribute("aria-label")).toMatch(/^ann, .*, two$/u);
});

test("Enter goes into a row and Esc back to it; inside, the row's keys are not ours", async () => {
  const { app } = await seated(houseOf(["ann", "see https://example.org"]));
  articles()[0]?.focus();
  await press("Enter");
  expect(document.activeElement?.textContent).toBe("ann");
  const link = document.querySelector<HTMLElement>("article a");
  expect(link?.tabIndex).toBe(0);
  link?.focus();
  await press("r");
  expect(app.acts.replying.value.size).toBe(0);
  link?.focus();
  await press("Escape");
  expect(focused()).toContain("see https");
  await press("r");
  expect(app.acts.replying.value.get("room")?.content).toBe("see https://example.org");
  expect(document.activeElement === field("Message ann, bob")).toBe(true);
});

test("single keys can be switched off, and the menu by key stays", async () => {
  const me = { id: "me", username: "me", display_name: "Me", role: "member", kind: "person", workspace: "Pier", registration: "invite" };
  const { app } = await seated(houseOf(["me", "mine"]), "/r/room", { "GET /me": () => ({ ...me, settings: { single_keys: false } }) });
  articles()[0]?.focus();
  await press("e");
  expect(app.acts.editing.value).toBeNull();
  await press("F10", { shiftKey: true });
  expect(document.querySelectorAll(".row-menu__items [role=menuitem]")).not.toHaveLength(0);
});

test("what is spoken is live, of others and new: not history, not an edit, not one's own", async () => {
  const house = houseOf(["ann", "history"]);
  const { link } = await seated(house);
  const log = screen.getByRole("log");
  expect(said()).toEqual([]);
  for (const verb of [
    { do: "post", user: "ann", content: "**live**" },
    { do: "edit", at: 0 },
    { do: "post", user: "me", content: "mine" },
  ] as const) {
    for (const frame of house.run(verb)) {
      link.hear(frame);
      link.hear(frame); // a line that doubles
    }
  }
  await drawn();
  expect(said()).toEqual(["ann: live"]);
  expect(screen.getByRole("log") === log).toBe(true);
});

test("one message that arrives draws one row", async () => {
  const house = houseOf(...Array.from({ length: 40 }, (_, i): [string, string] => [i % 2 === 0 ? "ann" : "bob", `m${i}`]));
  const { link } = await seated(house);
  let rows = 0;
  const before: unknown = Reflect.get(options, "__r"); // called before each drawing of a component, and not for those that are skipped
  const count = (vnode: VNode): void => {
    if (vnode.type === PostRow) rows += 1;
    if (typeof before === "function") before(vnode);
  };
  Reflect.set(options, "__r", count);
  for (const frame of house.run({ do: "post", user: "ann", content: "the one" })) link.hear(frame);
  await drawn();
  const arrived = rows;
  field("Message ann, bob").value = "h";
  fireEvent.input(field("Message ann, bob"));
  await drawn();
  Reflect.set(options, "__r", before);
  expect(screen.getByText("the one")).toBeDefined();
  expect(arrived).toBe(1);
  expect(rows).toBe(arrived);
});

test("the address of a message marks its row; of one that never was it says so, and leads back to the room", async () => {
  await seated(houseOf(["ann", "one"], ["ann", "two"]), "/r/room/2");
  expect([...document.querySelectorAll("[data-marked=true]")].map((row) => row.getAttribute("data-seq"))).toEqual(["2"]);
  cleanup();
  for (const seq of ["3", "0", "x"]) {
    await seated(houseOf(["ann", "one"], ["ann", "two"]), `/r/room/${seq}`);
    expect(screen.getByRole("heading", { name: "This message is not available." })).toBeDefined();
    cleanup();
  }
});

test("what an edit has come to outlives a look into another room, and takes no focus when it is back", async () => {
  const { app } = await seated(houseOf(["me", "helo"]));
  app.acts.beginEdit("message-1");
  await drawn();
  expect(document.activeElement === field("Edit")).toBe(true);
  fireEvent.input(field("Edit"), { target: { value: "hello, all" } });
  app.place.go("/browse");
  await drawn();
  app.place.go("/r/room");
  await drawn();
  expect(field("Edit").value).toBe("hello, all");
  expect(document.activeElement === field("Edit")).toBe(false);
  fireEvent.keyDown(field("Edit"), { key: "Escape" });
  await drawn();
  expect(app.acts.editOf("message-1")).toBeNull();
});

test("the name over a message leads to who said it", async () => {
  await seated(houseOf(["me", "mine"], ["ann", "theirs"]));
  const [, author] = [...document.querySelectorAll<HTMLElement>(".message__name")];
  author?.click();
  expect(await screen.findByRole("dialog", { name: /ann/iu })).toBeTruthy();
});
