import { afterEach, expect, test } from "bun:test";
import { cleanup, fireEvent, screen } from "@testing-library/preact";
import { ApiError } from "../lib/api-error.ts";
import { person, testHouse } from "../testing/house.ts";
import { message } from "../testing/outside.ts";
import { drawn, field, seated } from "../testing/page.tsx";

afterEach(() => {
  cleanup();
  localStorage.clear();
});

const rowOf = (text: string): HTMLElement | null => screen.getByText(text).closest("li");
/** What can be done shows on the row that is pointed at. */
const point = async (text: string): Promise<(string | null)[]> => {
  const article = rowOf(text)?.querySelector("article");
  if (article) fireEvent.focusIn(article);
  await drawn();
  return [...(rowOf(text)?.querySelectorAll(".message__bar > button:not([aria-pressed], [aria-haspopup=dialog])") ?? [])].map((button) =>
    button.getAttribute("aria-label"),
  );
};
const menuOf = async (text: string): Promise<(string | undefined)[]> => {
  await point(text);
  fireEvent.click(screen.getByRole("button", { name: "More" }));
  await drawn();
  const items = [...document.querySelectorAll<HTMLElement>(".row-menu [role=menuitem]")].map((item) => item.dataset["name"]);
  document.querySelector<HTMLDialogElement>(".row-menu")?.close();
  await drawn();
  return items;
};
const write = (text: string): void => {
  const composer = field("Message ann, bob");
  fireEvent.input(composer, { target: { value: text } });
  fireEvent.keyDown(composer, { key: "Enter" });
};

test("a pending message becomes the stored one in the same node", async () => {
  const { link } = await seated();
  let answer = (): void => {};
  link.answers(async (frame) => {
    await new Promise<void>((resolve) => (answer = resolve));
    return { type: "ok", id: "1", message: message(1, "hello", { sender_id: "me", client_id: "client_id" in frame ? frame.client_id : "" }) };
  });
  write("hello");
  await drawn();
  const pending = rowOf("hello");
  const text = screen.getByText("hello");
  expect(pending?.dataset["state"]).toBe("sending");
  answer();
  await drawn();
  expect(screen.getAllByText("hello")).toHaveLength(1);
  expect(rowOf("hello")?.dataset["seq"]).toBe("1");
  expect(rowOf("hello") === pending).toBe(true);
  expect(screen.getByText("hello") === text).toBe(true);
  expect(field("Message ann, bob").value).toBe("");
});

test("what is written where the messages could not be had is on the screen all the same, and once they are", async () => {
  const house = testHouse();
  let isDown = true;
  const { link } = await seated(house, "/r/room", {
    "GET /rooms/room/messages": () => {
      if (isDown) throw new ApiError({ code: "unavailable", retry: true });
      return house.page();
    },
  });
  expect(screen.getByText("The server could not do that.")).toBeDefined();
  link.answers(async () => Promise.reject(new ApiError({ code: "unavailable", retry: true })));
  write("hello");
  await drawn();
  expect(rowOf("hello")?.dataset["state"]).toBe("sending");
  isDown = false;
  fireEvent.click(screen.getByRole("button", { name: "Retry" }));
  await drawn();
  expect(screen.queryByText("The server could not do that.")).toBeNull();
  expect(screen.getAllByText("hello")).toHaveLength(1);
});

test("what people write is text, whatever it looks like", async () => {
  const { link, house } = await seated();
  const hostile = "<img src=x onerror=alert(1)><script>alert(2)</script>";
  for (const frame of house.run({ do: "post", user: "ann", content: hostile })) link.hear(frame);
  await drawn();
  expect(screen.getByText(hostile).children).toHaveLength(0);
  expect(document.querySelector("#messages img, #messages script")).toBeNull();
});

test("a refused message keeps its text, says why, and gives the text back to be written on", async () => {
  const { link, app } = await seated();
  link.answers(() => Promise.reject(new ApiError({ code: "too_large", retry: false })));
  write("far too long");
  await drawn();
  expect(screen.getByText(/Refused: It is too long/u)).toBeDefined();
  fireEvent.click(screen.getByRole("button", { name: "Edit" }));
  await drawn();
  expect(field("Message ann, bob").value).toBe("far too long");
  expect(app.outbox.pending.value).toEqual([]);
});

test("what an archived room refused is a draft once more, and stands in the composer when the room is reopened", async () => {
  const { link, house } = await seated();
  link.answers(() => Promise.reject(new ApiError({ code: "archived", retry: false })));
  write("last words");
  await drawn();
  for (const frame of house.run({ do: "archive", user: "ann" })) link.hear(frame);
  await drawn();
  fireEvent.click(screen.getByRole("button", { name: "Edit" }));
  await drawn();
  expect(screen.queryByText("last words")).toBeNull();
  for (const frame of house.run({ do: "archive" })) link.hear(frame); // again: reopened
  await drawn();
  expect(field("Message ann, bob").value).toBe("last words");
});

test("Ctrl+Shift+F6 leads from writing to the newest message, and not to a button of the oldest", async () => {
  const house = testHouse();
  for (const content of ["```\none\n```", "two"]) house.run({ do: "post", user: "ann", content });
  await seated(house);
  field("Message ann, bob").focus();
  fireEvent.keyDown(field("Message ann, bob"), { key: "F6", ctrlKey: true, shiftKey: true });
  await drawn();
  expect(document.activeElement?.tagName).toBe("ARTICLE");
  expect(document.activeElement?.textContent).toContain("two");
});

test("a draft stays in its room and comes back to it, and never to another user", async () => {
  const seat = await seated();
  fireEvent.input(field("Message ann, bob"), { target: { value: "half a thought" } });
  seat.app.place.go("/browse");
  await drawn();
  seat.app.place.go("/r/room");
  await drawn();
  expect(field("Message ann, bob").value).toBe("half a thought");
  await seat.app.signOut();
  expect(localStorage.length).toBe(0);
});

test("a message that is longer than the server takes is not sent, and says by how much", async () => {
  const { app, link } = await seated();
  link.answers(() => new Promise(() => {}));
  write("x".repeat(4_003));
  await drawn();
  expect(screen.getByText("3 characters too long")).toBeDefined();
  expect(app.outbox.pending.value).toEqual([]);
  expect(field("Message ann, bob").value).toHaveLength(4_003);
  write("x".repeat(4_000));
  await drawn();
  expect(app.outbox.pending.value).toHaveLength(1);
});

test("an edit begins in place with the focus, keeps it while others write, and a refusal keeps its text", async () => {
  const house = testHouse();
  house.run({ do: "post", user: "me", content: "helo" });
  const { link, api } = await seated(house, "/r/room", {
    "PATCH /rooms/room/messages/message-1": () => Promise.reject(new ApiError({ code: "archived", retry: false })),
  });
  await point("helo");
  fireEvent.click(screen.getByRole("button", { name: "Edit" }));
  await drawn();
  expect(document.activeElement === field("Edit")).toBe(true);
  const composer = field("Message ann, bob");
  composer.focus();
  for (const frame of house.run({ do: "post", user: "ann", content: "me too" })) link.hear(frame);
  await drawn();
  expect(document.activeElement === composer).toBe(true);
  fireEvent.input(field("Edit"), { target: { value: "hello" } });
  fireEvent.keyDown(field("Edit"), { key: "Enter" });
  await drawn();
  expect(api.asked.at(-1)).toEqual({ call: "PATCH /rooms/room/messages/message-1", body: { content: "hello" } });
  expect(screen.getByText("This room is archived.")).toBeDefined();
  expect(field("Edit").value).toBe("hello");
});

test("others' messages can be answered and copied; only their writer edits them, and a room's admin may remove them", async () => {
  const house = testHouse();
  house.run({ do: "post", user: "ann", content: "hers" });
  house.run({ do: "post", user: "me", content: "mine" });
  const { link } = await seated(house);
  expect(await point("hers")).toEqual(["Reply", "Open thread", "More"]);
  expect(await point("mine")).toEqual(["Reply", "Open thread", "Edit", "More"]);
  expect(await menuOf("hers")).toEqual(["reply", "thread", "react", "mark_unread", "save", "pin", "copy_text", "copy_link"]);
  expect(await menuOf("mine")).toEqual(["reply", "thread", "react", "mark_unread", "save", "pin", "copy_text", "copy_link", "edit", "remove"]);
  for (const frame of house.run({ do: "role", user: "me" })) link.hear(frame);
  await drawn();
  expect(await menuOf("hers")).toEqual(["reply", "thread", "react", "mark_unread", "save", "pin", "copy_text", "copy_link", "remove"]);
  for (const frame of house.run({ do: "archive", user: "ann" })) link.hear(frame);
  await drawn();
  expect(await menuOf("mine")).toEqual(["thread", "mark_unread", "save", "copy_text", "copy_link", "remove"]);
});

test("a tombstone, an edit and the New line are shown in words", async () => {
  const house = testHouse();
  for (const content of ["one", "two", "three"]) house.run({ do: "post", user: "ann", content });
  house.run({ do: "ack", at: 1 });
  house.run({ do: "edit", at: 1 });
  house.run({ do: "remove", at: 2 });
  await seated(house);
  expect(screen.getByText("Message removed")).toBeDefined();
  expect(screen.getByText("(edited)", { exact: false })).toBeDefined();
  const lines = [...document.querySelectorAll("#messages li")].map((line) => line.className);
  expect(lines).toEqual(["messages__day", "message", "messages__new", "message", "message"]);
});

test("Esc while writing ends the New line and reads the room, as it does anywhere else", async () => {
  const house = testHouse();
  for (const content of ["read", "unread", "unread too"]) house.run({ do: "post", user: "ann", content });
  house.run({ do: "ack", at: 0 });
  const { app, clock, link } = await seated(house);
  expect(document.querySelector(".messages__new")).not.toBeNull();
  fireEvent.keyDown(field("Message ann, bob"), { key: "Escape" });
  await clock.advance(1_000);
  await drawn();
  expect(document.querySelector(".messages__new")).toBeNull();
  expect(app.room.value?.me.unread).toBe(0);
  expect(link.said.findLast(({ type }) => type === "ack")).toMatchObject({ room_id: "room", seq: app.room.value?.last_seq });
});

test("an archived room can be read and not written to, until it is reopened", async () => {
  const { link, house } = await seated();
  expect(field("Message ann, bob")).toBeDefined();
  for (const frame of house.run({ do: "archive", user: "ann" })) link.hear(frame);
  await drawn();
  expect(screen.queryByRole("textbox")).toBeNull();
  expect(screen.getByText("This room is archived.")).toBeDefined();
  for (const frame of house.run({ do: "archive" })) link.hear(frame); // again: reopened
  await drawn();
  expect(field("Message ann, bob")).toBeDefined();
});

test("a room that is not mine reads like one that never was", async () => {
  const house = testHouse();
  house.run({ do: "leave", user: "me" });
  await seated(house);
  const foreign = document.querySelector("main")?.textContent;
  cleanup();
  await seated(testHouse(), "/r/never");
  expect(document.querySelector("main")?.textContent).toBe(foreign ?? "");
  expect(foreign).toContain("This is not available.");
});

test("what was copied is said, and so is that the browser did not let it be", async () => {
  const house = testHouse();
  house.run({ do: "post", user: "ann", content: "hers" });
  const { app } = await seated(house);
  const written: string[] = [];
  let may = true;
  const clipboard = { writeText: (text: string) => (may ? Promise.resolve(void written.push(text)) : Promise.reject(new Error("denied"))) };
  Object.defineProperty(navigator, "clipboard", { value: clipboard, configurable: true });
  const article = rowOf("hers")?.querySelector("article");
  if (!article) throw new Error("the row has no article");
  article.focus();
  fireEvent.keyDown(article, { key: "c" });
  await drawn();
  expect(written).toEqual([`${location.origin}/r/room/1`]);
  expect(app.notice.value).toEqual({ words: "Link copied", kind: "done" });
  may = false;
  fireEvent.keyDown(article, { key: "c" });
  await drawn();
  expect(app.notice.value).toEqual({ words: "Your browser did not let Snug copy this.", kind: "trouble" });
  Reflect.deleteProperty(navigator, "clipboard");
});

test("whoever is not known yet has a placeholder, which their name replaces when it comes", async () => {
  let tell = (): void => {};
  const told = new Promise<void>((resolve) => (tell = resolve));
  const slow = async (path: string) => (await told, { items: (/ids=([^&]*)/u.exec(path)?.[1] ?? "").split(",").map(person) });
  await seated(testHouse(), "/r/room", { "GET /users": slow });
  const names = (): (string | null)[] => [...document.querySelectorAll(".sidebar__name, #room-name")].map(({ textContent }) => textContent);
  expect(names()).toContain("…, …");
  tell();
  await drawn();
  expect(names()).toContain("ann, bob");
  expect(names().join()).not.toContain("…");
});

test("Back on a phone closes the menu of a message, and the room stays", async () => {
  const house = testHouse();
  house.run({ do: "post", user: "ann", content: "hers" });
  const { app } = await seated(house);
  await point("hers");
  fireEvent.click(screen.getByRole("button", { name: "More" }));
  await drawn();
  expect(document.querySelector(".row-menu")).not.toBeNull();
  expect(app.layers.open.value).toEqual(["menu"]);
  app.layers.wentTo([]); // Back, where it was an entry of the history
  app.layers.leave();
  await drawn();
  expect(document.querySelector(".row-menu")).toBeNull();
  expect(app.place.room_id.value).toBe("room");
});
