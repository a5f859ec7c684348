import { afterEach, expect, test } from "bun:test";
import { cleanup, fireEvent, screen, within } from "@testing-library/preact";
import { ApiError } from "../lib/api-error.ts";
import { keptDraft } from "../lib/drafts.ts";
import { testHouse } from "../testing/house.ts";
import { drawn, field, seated } from "../testing/page.tsx";

afterEach(() => {
  cleanup();
  localStorage.clear();
});

/** A room in which somebody was answered, with the answers of the server to who asks for the thread. */
async function answered(thread?: () => unknown) {
  const house = testHouse();
  house.run({ do: "post", user: "ann", content: "who brings the boat?" });
  house.run({ do: "post", user: "ann", content: "nobody answers this" });
  const [root] = house.page().items;
  if (!root) throw new Error("nothing was said");
  const reply = {
    ...root,
    id: "reply-1",
    seq: 3,
    rev: 50,
    content: "I do",
    sender_id: "bob",
    client_id: "client-id-of-the-reply",
    reply_to: root.id,
  };
  const replies = { count: 1, last_seq: 3, last_at: reply.created_at, user_ids: ["bob"] };
  const seat = await seated(house, "/r/room", {
    "GET /rooms/room/messages?thread": thread ?? (() => ({ ...house.page(), items: [reply], more_before: false, root: { ...root, replies } })),
    "GET /rooms/room/messages": () => ({ ...house.page(), items: [{ ...root, replies }, house.page().items[1], reply], last_seq: 3 }),
  });
  const open = async (): Promise<HTMLElement> => {
    fireEvent.click(screen.getByRole("button", { name: /1 reply/u }));
    await import("./thread.tsx"); // what the page fetches
    await drawn();
    await drawn();
    return screen.getByRole("complementary", { name: "Thread" });
  };
  return { ...seat, root, reply, open };
}

test("the line under a message opens its thread, which lists it and its replies, and an answer that is heard is there and counted", async () => {
  const { link, open, reply } = await answered();
  const aside = await open();
  expect([...aside.querySelectorAll(".message__text")].map(({ textContent }) => textContent)).toEqual(["who brings the boat?", "I do"]);
  expect(aside.querySelector(".quote")).toBeNull();
  const user = { id: "ann", display_name: "ann", role: "member", kind: "person" } as const;
  const second = { ...reply, id: "reply-2", seq: 4, rev: 51, content: "with oars?", sender_id: "ann", client_id: "client-id-of-another" };
  link.hear({ type: "message", message: second, user });
  link.hear({ type: "message", message: { ...second, id: "beside", seq: 5, rev: 52, content: "beside", client_id: "c-5", reply_to: null }, user });
  await drawn();
  expect([...aside.querySelectorAll(".message__text")].map(({ textContent }) => textContent)).toEqual(["who brings the boat?", "I do", "with oars?"]);
  screen.getByRole("button", { name: /2 replies/u });
  within(aside).getByText("2 replies");
});

test("what is written there answers the message, has a draft of its own and leaves the room's alone", async () => {
  const { link, open, root } = await answered();
  fireEvent.input(field("Message ann, bob"), { target: { value: "in the room" } });
  const aside = await open();
  const composer = field("Reply in the thread");
  expect(document.activeElement === composer || aside.contains(document.activeElement)).toBe(true);
  fireEvent.input(composer, { target: { value: "half" } });
  expect([keptDraft("me", "room"), keptDraft("me", `room ${root.id}`)]).toEqual(["in the room", "half"]);
  const asked: unknown[] = [];
  link.answers(async (frame) => {
    asked.push(frame);
    return new Promise(() => {});
  });
  fireEvent.input(composer, { target: { value: "whole" } });
  fireEvent.keyDown(composer, { key: "Enter" });
  await drawn();
  expect(asked).toMatchObject([{ type: "message", content: "whole", reply_to: root.id }]);
  expect([composer.value, field("Message ann, bob").value]).toEqual(["", "in the room"]);
  expect(aside.textContent).toContain("whole");
});

test("Esc closes it and the focus is back on the row; its key opens it again", async () => {
  const { open } = await answered();
  const row = screen.getAllByText("who brings the boat?")[0]?.closest("article") ?? null;
  row?.focus();
  await open();
  fireEvent.keyDown(field("Reply in the thread"), { key: "Escape" });
  await drawn();
  expect([screen.queryByRole("complementary", { name: "Thread" }), document.activeElement]).toEqual([null, row]);
  if (row) fireEvent.keyDown(row, { key: "t" });
  await drawn();
  screen.getByRole("complementary", { name: "Thread" });
});

test("a thread that could not be had offers another try, and of one that is gone nothing is said but that", async () => {
  const refusals = [new ApiError({ code: "internal", retry: true }), new ApiError({ code: "not_found", retry: false })];
  const { open } = await answered(() => {
    throw refusals.shift() ?? new Error("asked too often");
  });
  const aside = await open();
  fireEvent.click(within(aside).getByRole("button", { name: "Retry" }));
  await drawn();
  expect([aside.textContent?.includes("This message is not available."), aside.querySelector("textarea")]).toEqual([true, null]);
});

test("where only admins post a thread is read, and there is nothing to answer in", async () => {
  const { link, open, house } = await answered();
  const aside = await open();
  expect(within(aside).queryAllByRole("textbox")).toHaveLength(1);
  const { me: _, ...room } = house.toMe();
  link.hear({ type: "room", room: { ...room, posting: "admins", rev: room.rev + 100, last_rev: room.last_rev + 100 } });
  await drawn();
  within(aside).getByText("I do");
  within(aside).getByText("Only admins post here.");
  expect(within(aside).queryAllByRole("textbox")).toHaveLength(0);
});

test("a thread whose first message the room no longer keeps says that it is not available", async () => {
  const { link, open, house, root } = await answered();
  const aside = await open();
  link.hear({ type: "room", room: { ...house.toMe(), first_seq: root.seq } });
  await drawn();
  within(aside).getByText("who brings the boat?");
  link.hear({ type: "room", room: { ...house.toMe(), first_seq: root.seq + 1 } });
  await drawn();
  within(aside).getByText("This message is not available.");
});

test("ArrowUp where an answer is written edits one's last answer in the thread, and the focus comes back to where one wrote", async () => {
  const { link, open, reply } = await answered();
  const aside = await open();
  const composer = field("Reply in the thread");
  const user = { id: "me", display_name: "me", role: "member", kind: "person" } as const;
  link.hear({
    type: "message",
    message: { ...reply, id: "reply-2", seq: 4, rev: 51, content: "mine", sender_id: "me", client_id: "client-id-of-mine" },
    user,
  });
  await drawn();
  composer.focus();
  fireEvent.keyDown(composer, { key: "ArrowUp" });
  await drawn();
  const edit = field("Edit");
  expect([edit.value, aside.contains(edit), document.activeElement === edit]).toEqual(["mine", true, true]);
  fireEvent.keyDown(edit, { key: "Escape" });
  await drawn();
  expect(document.activeElement === composer).toBe(true);
});
