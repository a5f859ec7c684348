import { afterEach, beforeEach, expect, test } from "bun:test";
import type { UploadedFile } from "../../server/protocol/files.ts";
import { ApiError } from "../lib/api-error.ts";
import type { Sending } from "../lib/uploading.ts";
import { FilesDeskModel } from "./files-desk.ts";

beforeEach(() => localStorage.clear());
afterEach(() => localStorage.clear());

type Line = { name: string; hear(share: number): void; done: PromiseWithResolvers<UploadedFile>; cancelled: boolean };

/** A desk whose uploads end when the test says so. */
function desk(me = "me") {
  const lines: Line[] = [];
  const said: string[] = [];
  const deleted: string[] = [];
  const upload = (_api: unknown, _room_id: string, file: File, hear: (share: number) => void): Sending => {
    const line: Line = { name: file.name, hear, done: Promise.withResolvers<UploadedFile>(), cancelled: false };
    lines.push(line);
    return { done: line.done.promise, cancel: () => void (line.cancelled = true) };
  };
  const limits = { content_points: 1, content_bytes: 1, meta_bytes: 1, frame_bytes: 1, file_bytes: 100 };
  const api = {
    fetch: async () => new Response("bytes"),
    post: async (path: string) =>
      (path.includes("gone") ? Promise.reject(new ApiError({ code: "not_found", retry: false })) : { url: `${path}?once` }) as never,
    delete: async (path: string) => void deleted.push(path) as never,
    credential: () => ({}),
    refresh: async () => true,
  };
  const made = new FilesDeskModel({
    api,
    upload,
    myId: () => me,
    limits: () => limits,
    say: (words) => void said.push(words),
    now: () => Date.parse(NOW),
  });
  return { desk: made, lines, said, deleted };
}
const NOW = "2026-01-02T00:00:00.000Z";
const file = (name: string, bytes = 5): File => new File(["x".repeat(bytes)], name);
const stored = (name: string): UploadedFile => ({ id: `id-of-${name}`, name, type: "text/plain", bytes: 5, room_id: "room", created_at: NOW });
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));
const states = ({ desk: { uploads } }: ReturnType<typeof desk>): string[] => uploads.value.map(({ name, state }) => `${name} ${state}`);

test("two go at once, the others wait their turn, and how far they are is told", async () => {
  const here = desk();
  here.desk.add(
    "room",
    "room",
    ["a", "b", "c"].map((name) => file(name)),
  );
  expect(states(here)).toEqual(["a sending", "b sending", "c waiting"]);
  here.lines[0]?.hear(0.5);
  expect(here.desk.uploads.value[0]?.share).toBe(0.5);
  here.lines[0]?.done.resolve(stored("a"));
  await settled();
  expect(states(here)).toEqual(["a stored", "b sending", "c sending"]);
});

test("what is too large, empty, or too many is said before anything goes", () => {
  const here = desk();
  here.desk.add("room", "room", [file("large", 101), file("fits")]);
  here.desk.add("room", "room", [file("none", 0)]);
  here.desk.add(
    "other",
    "other",
    Array.from({ length: 12 }, (_, i) => file(`${i}`)),
  );
  expect(here.said).toEqual([
    "“large” is larger than 100 bytes, the most that can be sent here.",
    "“none” is empty or a folder.",
    "A message holds 10 files at most.",
  ]);
  expect(states(here).length).toBe(11);
});

test("a message waits for its files and goes when the last is up; one that failed holds it back, and is tried again", async () => {
  const here = desk();
  let sent = 0;
  const send = (): void => void (here.desk.isReady("room", send) && (sent += 1));
  here.desk.add("room", "room", [file("a"), file("b")]);
  send();
  expect([sent, here.desk.sends.value.has("room")]).toEqual([0, true]);
  here.lines[0]?.done.resolve(stored("a"));
  here.lines[1]?.done.reject(new ApiError({ code: "offline", retry: true }));
  await settled();
  expect([sent, states(here).at(-1), here.desk.sends.value.has("room")]).toEqual([0, "b failed", false]);
  send();
  expect([sent, here.said]).toEqual([0, ["A file could not be uploaded. Try it again or take it out."]]);
  here.desk.retry(here.desk.uploads.value[1]?.key ?? "");
  send();
  here.lines[2]?.done.resolve(stored("b"));
  await settled();
  expect(sent).toBe(1);
  expect(here.desk.take("room").map(({ id }) => id)).toEqual(["id-of-a", "id-of-b"]);
  expect([here.desk.has("room"), here.deleted]).toEqual([false, []]);
});

test("who has left the room before its files are up sends later", async () => {
  const here = desk();
  let sent = 0;
  here.desk.add("room", "room", [file("a")]);
  here.desk.isReady("room", () => (sent += 1));
  here.desk.endWait("room");
  here.lines[0]?.done.resolve(stored("a"));
  await settled();
  expect([sent, states(here)]).toEqual([0, ["a stored"]]);
});

test("what is taken out stops on its way, and is forgotten by the server where it was up", async () => {
  const here = desk();
  here.desk.add("room", "room", [file("a"), file("b")]);
  here.lines[0]?.done.resolve(stored("a"));
  await settled();
  for (const { key } of here.desk.uploads.value) here.desk.cancel(key);
  expect([states(here), here.lines.map(({ cancelled }) => cancelled), here.deleted]).toEqual([[], [false, true], ["/files/id-of-a"]]);
});

test("what was up comes back with the draft after a reload, for its owner alone, until the server has forgotten it", async () => {
  const before = desk();
  before.desk.add("room", "room", [file("a"), file("b")]);
  before.lines[0]?.done.resolve(stored("a"));
  await settled();
  const after = desk();
  after.desk.enter("room");
  expect(states(after)).toEqual(["a stored"]);
  const other = desk("somebody-else");
  other.desk.enter("room");
  expect(states(other)).toEqual([]);
  expect(after.desk.take("room").length).toBe(1);
  const later = desk();
  later.desk.enter("room");
  expect(states(later)).toEqual([]);
});

test("somebody else who sits here next sees nothing of it, and what was kept stays kept", async () => {
  const here = desk();
  here.desk.add("room", "room", [file("a")]);
  here.lines[0]?.done.resolve(stored("a"));
  await settled();
  here.desk.forget();
  expect(states(here)).toEqual([]);
  const again = desk();
  again.desk.enter("room");
  expect(states(again)).toEqual(["a stored"]);
});

test("the files of a message that was given up are in the draft again", () => {
  const here = desk();
  here.desk.giveBack("room", [{ id: "one", name: "one", type: "text/plain", bytes: 1 }]);
  expect(here.desk.take("room").map(({ id }) => id)).toEqual(["one"]);
});

test("to be saved a file is given an address, and never comes through the page; one that is gone is said", async () => {
  const here = desk();
  const saving = here.desk.address(stored("high.png"));
  expect([...here.desk.fetching.value]).toEqual(["id-of-high.png"]);
  expect(await saving).toBe("/files/id-of-high.png/tickets?once");
  expect([[...here.desk.fetching.value], here.said]).toEqual([[], []]);
  expect(await here.desk.address(stored("gone.png"))).toBeNull();
  expect(here.said).toEqual(["The file cannot be had right now."]);
});
