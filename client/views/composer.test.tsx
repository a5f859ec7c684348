import { afterEach, expect, test } from "bun:test";
import { cleanup, fireEvent, screen } from "@testing-library/preact";
import { testHouse } from "../testing/house.ts";
import { drawn, field, seated } from "../testing/page.tsx";

afterEach(() => {
  cleanup();
  localStorage.clear();
});

const composer = (): HTMLTextAreaElement => field("Message ann, bob");
const type = async (text: string): Promise<void> => {
  composer().value = text;
  composer().setSelectionRange(text.length, text.length);
  fireEvent.input(composer());
  await drawn();
};
const press = async (key: string, more: KeyboardEventInit = {}): Promise<boolean> => {
  const isTheirs = fireEvent.keyDown(composer(), { key, ...more });
  await drawn();
  return isTheirs;
};
const members = { "GET /rooms/room/members": () => ({ items: [] }), "GET /users?limit": () => ({ items: [] }) };

test("somebody is named by keyboard alone, and the list says which one is chosen", async () => {
  const { app } = await seated(testHouse(), "/r/room", members);
  await type("good morning @");
  const options = screen.getAllByRole("option");
  expect(options.map((option) => option.getAttribute("aria-selected"))).toEqual(["true", "false"]);
  expect(composer().getAttribute("aria-activedescendant")).toBe(options[0]?.id ?? "");
  expect(composer().getAttribute("aria-controls")).toBe(screen.getByRole("listbox").id);
  await press("ArrowDown");
  expect(screen.getAllByRole("option")[1]?.getAttribute("aria-selected")).toBe("true");
  expect(await press("Enter")).toBe(false);
  expect(composer().value).toBe("good morning @bob ");
  expect(screen.queryByRole("listbox")).toBeNull();
  expect(app.outbox.pending.value).toEqual([]);
});

test("Esc closes the list and nothing else; Tab takes from it, and without it goes on", async () => {
  const { app } = await seated(testHouse(), "/r/room", members);
  app.acts.reply({ ...reply, room_id: "room" });
  await type("@a");
  await press("Escape");
  expect(screen.queryByRole("listbox")).toBeNull();
  expect(app.acts.replying.value.size).toBe(1);
  expect(await press("Tab")).toBe(true);
  await type("and @a");
  expect(await press("Tab")).toBe(false);
  expect(composer().value).toBe("and @ann ");
});

test("while an input method composes, no key is ours", async () => {
  const { app } = await seated(testHouse(), "/r/room", members);
  await type("@a");
  for (const more of [{ isComposing: true }, { keyCode: 229 }]) expect(await press("Enter", more)).toBe(true);
  expect(composer().value).toBe("@a");
  expect(app.outbox.pending.value).toEqual([]);
});

test("a reply shows whom it answers, is dropped by Esc, and is sent with its message", async () => {
  const house = testHouse();
  house.run({ do: "post", user: "ann", content: "who is in?" });
  const { app, link } = await seated(house);
  link.answers(() => new Promise(() => {}));
  await press("ArrowUp", { shiftKey: true });
  expect(screen.getByText("Reply to ann")).toBeDefined();
  await press("Escape");
  expect(screen.queryByText("Reply to ann")).toBeNull();
  await press("ArrowUp", { shiftKey: true });
  await type("me");
  await press("Enter");
  expect(app.outbox.pending.value.map(({ content, reply_to }) => ({ content, reply_to }))).toEqual([{ content: "me", reply_to: "message-1" }]);
  expect(screen.queryByText("Reply to ann")).toBeNull();
});

test("ArrowUp in an empty composer edits my last message; Esc gives back what was there", async () => {
  const house = testHouse();
  for (const user of ["me", "ann"]) house.run({ do: "post", user, content: `by ${user}` });
  await seated(house);
  await type("a draft");
  expect(await press("ArrowUp")).toBe(true);
  expect(screen.queryByRole("textbox", { name: "Edit" })).toBeNull();
  await type("");
  expect(await press("ArrowUp")).toBe(false);
  expect(field("Edit").value).toBe("by me");
  fireEvent.keyDown(field("Edit"), { key: "Escape" });
  await drawn();
  expect(screen.queryByRole("textbox", { name: "Edit" })).toBeNull();
  expect(screen.getByText("by me")).toBeDefined();
});

test("while my last message is on its way ArrowUp edits none before it", async () => {
  const house = testHouse();
  house.run({ do: "post", user: "me", content: "long ago" });
  const { link } = await seated(house);
  link.answers(() => new Promise(() => {}));
  await type("just now");
  await press("Enter");
  expect(await press("ArrowUp")).toBe(true);
  expect(screen.queryByRole("textbox", { name: "Edit" })).toBeNull();
});

test("Enter sends; Shift+Enter, a composing input method, an open fence and a touch keyboard do not", async () => {
  const { app, link } = await seated();
  link.answers(() => new Promise(() => {}));
  const isSent = async (text: string, more: KeyboardEventInit = {}): Promise<boolean> => {
    const before = app.outbox.pending.value.length;
    await type(text);
    const isOurs = !(await press("Enter", more));
    expect(app.outbox.pending.value.length - before).toBe(isOurs ? 1 : 0);
    return isOurs;
  };
  expect(await isSent("text")).toBe(true);
  expect(await isSent("text", { shiftKey: true })).toBe(false);
  expect(await isSent("text", { isComposing: true })).toBe(false);
  expect(await isSent("text", { keyCode: 229 })).toBe(false);
  expect(await isSent("```\ncode")).toBe(false);
  expect(await isSent("```\ncode\n```")).toBe(true);
  expect(await isSent("```\ncode", { ctrlKey: true })).toBe(true);
  const fine = globalThis.matchMedia;
  globalThis.matchMedia = (query) => ({ ...fine(query), matches: query === "(pointer: coarse)" });
  expect(await isSent("text")).toBe(false);
  expect(await isSent("text", { ctrlKey: true })).toBe(true);
  globalThis.matchMedia = fine;
});

test("who has chosen so breaks the line with Enter and sends with Ctrl, and the sheet says so", async () => {
  const { app, link } = await seated(testHouse(), "/r/room", { "PATCH /me": (_, body) => ({ ...app.account.me.value, ...Object(body) }) });
  link.answers(() => new Promise(() => {}));
  await app.settings.change({ enter_sends: false });
  await type("text");
  expect(await press("Enter")).toBe(true);
  expect(app.outbox.pending.value).toEqual([]);
  const sheet = document.querySelector("#dialog-help");
  if (sheet) fireEvent(sheet, Object.assign(new Event("toggle"), { newState: "open" }));
  await import("./help.tsx"); // what the page fetches
  await drawn();
  const rows = [...document.querySelectorAll("#dialog-help .help__row")].map(({ textContent }) => textContent);
  expect(rows.filter((row) => row?.includes("Enter"))).toEqual(["SendCtrlEnter", "New lineEnter", "Into the message; Esc leads backEnter"]);
  expect(await press("Enter", { ctrlKey: true })).toBe(false);
  expect(app.outbox.pending.value).toHaveLength(1);
});

test("in an empty composer Mod+Home and Mod+End lead through the room, in a written one they are the field's", async () => {
  const house = testHouse();
  for (const text of ["one", "two"]) house.run({ do: "post", user: "ann", content: text });
  const { app } = await seated(house);
  expect(await press("Home", { ctrlKey: true })).toBe(false);
  expect(app.timeline.value?.opening.value).toEqual({ at: "start" });
  expect(await press("End", { ctrlKey: true })).toBe(false);
  expect(app.timeline.value?.opening.value).toEqual({ at: "end" });
  await type("text");
  expect(await press("Home", { ctrlKey: true })).toBe(true);
});

test("keys put signs around the selection and take them away again", async () => {
  await seated();
  await type("strong words");
  composer().setSelectionRange(0, 6);
  expect(await press("b", { ctrlKey: true })).toBe(false);
  expect(composer().value).toBe("**strong** words");
  await press("b", { ctrlKey: true });
  expect(composer().value).toBe("strong words");
  await press("X", { ctrlKey: true, shiftKey: true });
  expect(composer().value).toBe("~~strong~~ words");
});

test("an address pasted over words becomes their link, and over nothing it is pasted as it is", async () => {
  await seated();
  await type("the plan");
  const paste = (text: string): boolean => {
    const event = new Event("paste", { bubbles: true, cancelable: true });
    Object.assign(event, { clipboardData: { getData: () => text, files: [] } });
    return fireEvent(composer(), event);
  };
  expect(paste("https://example.org/plan")).toBe(true);
  composer().setSelectionRange(4, 8);
  expect(paste("no address")).toBe(true);
  expect(paste("https://example.org/plan_(2)")).toBe(false);
  expect(composer().value).toBe("the [plan](https://example.org/plan_%282%29)");
});

test("what is dropped leaves the page and the draft as they were; files go to the room, whatever is over the page says where to", async () => {
  const { app } = await seated();
  await type("half a thought");
  const given: string[] = [];
  Object.assign(app.files, {
    add: (room_id: string, draft: string, files: readonly File[]) => void given.push(room_id, draft, ...files.map(({ name }) => name)),
  });
  const drag = (kind: string, types: string[]): boolean => {
    const event = new Event(kind, { bubbles: true, cancelable: true });
    Object.assign(event, { dataTransfer: { types, files: types.includes("Files") ? [new File(["notes"], "notes.txt")] : [] } });
    return fireEvent(document.body, event);
  };
  const isShown = (): boolean => document.querySelector(".drop")?.hasAttribute("hidden") === false;
  expect(drag("drop", ["text/plain"])).toBe(true);
  drag("dragenter", ["Files"]);
  expect([isShown(), screen.getByText(/^Drop files to send them to ann, bob/u).isConnected]).toEqual([true, true]);
  drag("dragleave", ["Files"]);
  expect(isShown()).toBe(false);
  drag("dragenter", ["Files"]);
  expect(drag("drop", ["Files"])).toBe(false);
  expect([isShown(), given]).toEqual([false, ["room", "room", "notes.txt"]]);
  expect(composer().value).toBe("half a thought");
});

const reply = {
  ...{ id: "message-1", room_id: "room", sender_id: "ann", seq: 1, rev: 3, client_id: "client-id-of-000001", content: "who is in?" },
  ...{ meta: null, mentions: [], reply_to: null, created_at: "2026-01-02T00:00:00.000Z" },
};

test("an edit is completed as a message is: Enter takes from the list, Esc closes it before it gives up; a command is none", async () => {
  const house = testHouse();
  house.run({ do: "post", user: "me", content: "by me" });
  await seated(house, "/r/room", members);
  await press("ArrowUp");
  const edit = field("Edit");
  const change = async (text: string): Promise<void> => {
    edit.value = text;
    edit.setSelectionRange(text.length, text.length);
    fireEvent.input(edit);
    await drawn();
  };
  const key = async (name: string): Promise<void> => {
    fireEvent.keyDown(edit, { key: name });
    await drawn();
  };
  await change("ask @b");
  expect([edit.getAttribute("aria-controls"), composer().getAttribute("aria-controls")]).toEqual([screen.getByRole("listbox").id, null]);
  await key("Enter");
  expect([edit.value, edit.isConnected, screen.queryByRole("listbox")]).toEqual(["ask @bob ", true, null]);
  await change("/le");
  expect(screen.queryByRole("listbox")).toBeNull();
  await change("ask @a");
  await key("Escape");
  expect([edit.isConnected, screen.queryByRole("listbox")]).toEqual([true, null]);
  await key("Escape");
  expect(edit.isConnected).toBe(false);
});
