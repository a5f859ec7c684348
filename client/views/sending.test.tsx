import { afterEach, expect, test } from "bun:test";
import { cleanup, fireEvent, screen } from "@testing-library/preact";
import type { Outgoing } from "../link.ts";
import { keptDraft } from "../lib/drafts.ts";
import { ApiError } from "../lib/api-error.ts";
import { testHouse } from "../testing/house.ts";
import { settled } from "../testing/outside.ts";
import { drawn, field, seated } from "../testing/page.tsx";

afterEach(() => {
  cleanup();
  localStorage.clear();
});

/** A channel of this many, and what is sent to it. */
async function writing(member_count: number, answers: Parameters<typeof seated>[2] = {}) {
  const seat = await seated(testHouse(), "/r/room", {
    "GET /users?q": () => ({ items: [] }),
    "GET /rooms/room/members": () => ({ items: [] }),
    ...answers,
  });
  const room = seat.app.room.peek();
  if (!room) throw new Error("no room");
  seat.app.rooms.room({ ...room, type: "channel", name: "quay", member_count, rev: room.rev + 1, last_rev: room.last_rev + 1 });
  await drawn();
  const sent: Outgoing[] = [];
  seat.link.answers(async (frame) => {
    if (frame.type === "message") sent.push(frame);
    return new Promise(() => {});
  });
  const composer = field("Message #quay");
  const write = async (text: string): Promise<void> => {
    fireEvent.input(composer, { target: { value: text } });
    composer.setSelectionRange(text.length, text.length);
    await import("../models/commands.ts");
    await drawn();
    if (screen.queryAllByRole("option").length > 0) fireEvent.keyDown(composer, { key: "Escape" });
    fireEvent.keyDown(composer, { key: "Enter" });
    await drawn();
  };
  const contents = () => sent.map((frame) => (frame.type === "message" ? frame.content : ""));
  const pending = () => seat.app.outbox.pending.value.map(({ content }) => content);
  return { ...seat, composer, write, contents, pending };
}
const question = () => document.querySelector<HTMLDialogElement>("#dialog-confirm");

test("a message for the whole room is asked about where that is more than a handful, and stays where it was for a no", async () => {
  const { write, composer, pending } = await writing(43);
  await write("@room, the tide is in");
  expect([question()?.open, question()?.textContent?.includes("Notify 42 people?"), pending()]).toEqual([true, true, []]);
  question()?.close("no");
  await drawn();
  expect([composer.value, keptDraft("me", "room"), pending()]).toEqual(["@room, the tide is in", "@room, the tide is in", []]);
  fireEvent.keyDown(composer, { key: "Enter" });
  await drawn();
  question()?.close("yes");
  await drawn();
  expect([composer.value, pending()]).toEqual(["", ["@room, the tide is in"]]);
});

test("a handful is called without a question, and so is a room whose name only begins like that", async () => {
  const { write, pending } = await writing(6);
  await write("@room lunch?");
  expect([question()?.open, pending()]).toEqual([false, ["@room lunch?"]]);
  cleanup();
  const many = await writing(43);
  await many.write("@roomy is somebody, a@room.org an address");
  expect([question()?.open, many.pending()]).toEqual([false, ["@roomy is somebody, a@room.org an address"]]);
});

test("two slashes and a leading space send text; what is no command is said and stays", async () => {
  const { write, composer, pending } = await writing(3);
  await write("//etc is a folder");
  await write(" /etc too");
  expect(pending()).toEqual(["/etc is a folder", " /etc too"]);
  await write("/etc/hosts is a file");
  expect([composer.value, pending().length, document.querySelector("#composer-left")?.textContent]).toEqual([
    "/etc/hosts is a file",
    2,
    "There is no command /etc/hosts. Begin with two slashes to send it as text.",
  ]);
});

test("/me is sent in italics whatever stands in it, and /shrug with what was said before it", async () => {
  const { write, pending } = await writing(3);
  for (const line of ["/me waves at @ann_b", "/me is *very* tired\nand goes", "/shrug no idea", "/me"]) await write(line);
  expect(pending()).toEqual(["*waves at @ann_b*", String.raw`*is \*very\* tired and goes*`, String.raw`no idea ¯\\\_(ツ)\_/¯`]);
});

test("/topic, /mute, /invite and /leave do what their buttons do; what the server refuses is said, and the line stays", async () => {
  const done: string[] = [];
  const did = (what: string) => (path: string, body: unknown) => {
    done.push(`${what} ${path} ${JSON.stringify(body)}`);
    return what === "PUT" ? { ...room, me: { ...room?.me, level: "muted" } } : {};
  };
  const refuse = () => {
    throw new ApiError({ code: "forbidden", retry: false });
  };
  let topic: (path: string, body: unknown) => unknown = refuse;
  const { write, composer, pending, app } = await writing(3, {
    "PATCH /rooms/room": (path, body) => topic(path, body),
    "PUT /rooms/room/members/me": did("PUT"),
    "POST /rooms/room/members": did("POST"),
    "DELETE /rooms/room/members/me": did("DELETE"),
  });
  const room = app.room.peek();
  const left = () => document.querySelector("#composer-left")?.textContent;
  await write("/topic Boats");
  expect([composer.value, left(), done]).toEqual(["/topic Boats", "You may not do that.", []]);
  topic = did("PATCH");
  await write("/topic Boats");
  await write("/mute");
  await write("/invite @nobody");
  expect([composer.value, left()]).toEqual(["/invite @nobody", "Nobody here is called @nobody."]);
  await write("/invite @ann");
  expect(done).toEqual([
    'PATCH /rooms/room {"description":"Boats"}',
    'PUT /rooms/room/members/me {"level":"muted"}',
    'POST /rooms/room/members {"user_id":"ann"}',
  ]);
  await write("/leave");
  question()?.close("no");
  await settled();
  expect([composer.value, done.length, pending()]).toEqual(["/leave", 3, []]);
});

test("a slash lists the commands, typing chooses among them, and one that is written out is not offered again", async () => {
  const { composer } = await writing(3);
  const type = async (text: string): Promise<string[]> => {
    fireEvent.input(composer, { target: { value: text } });
    await import("../models/commands.ts");
    await drawn();
    return screen.queryAllByRole("option").map(({ textContent }) => textContent ?? "");
  };
  expect((await type("/")).length).toBe(7);
  expect(await type("/m")).toEqual(["/me textSay what you do, in italics", "/muteMute this room"]);
  expect(await type("/me")).toEqual([]);
  expect(await type("a /m")).toEqual([]);
});
