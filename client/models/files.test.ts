import { afterEach, beforeEach, expect, test } from "bun:test";
import type { UploadedFile } from "../../server/protocol/files.ts";
import { strings } from "../lib/strings.ts";
import { FilesModel } from "./files.ts";

beforeEach(() => localStorage.clear());
afterEach(() => localStorage.clear());

type Desk = typeof import("./files-desk.ts");

/** Files whose desk comes, and whose uploads end, when the test says so. */
function files() {
  const door = Promise.withResolvers<Desk>();
  const up = Promise.withResolvers<UploadedFile>();
  const said: string[] = [];
  const made = new FilesModel({
    fetchDesk: () => door.promise,
    api: {
      fetch: async () => new Response(""),
      delete: async () => undefined as never,
      post: async () => undefined as never,
      credential: () => ({}),
      refresh: async () => true,
    },
    upload: () => ({ done: up.promise, cancel: () => undefined }),
    myId: () => "ann",
    limits: () => ({ content_points: 1, content_bytes: 1, meta_bytes: 1, frame_bytes: 1, file_bytes: 100 }),
    say: (words) => void said.push(words),
    now: () => Date.parse(stored.created_at),
  });
  return { files: made, door, up, said };
}
const stored: UploadedFile = { id: "1", name: "a", type: "text/plain", bytes: 5, room_id: "room", created_at: "2026-01-02T00:00:00.000Z" };
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

test("a draft whose file was chosen before the desk was here waits for it, and goes once with it", async () => {
  const here = files();
  let sent = 0;
  const send = (): void => void (here.files.isReady("room", send) && (sent += 1));
  void here.files.add("room", "room", [new File(["tides"], "a")]);
  expect(here.files.has("room")).toBe(true);
  send();
  here.door.resolve(await import("./files-desk.ts"));
  await settled();
  expect(sent).toBe(0);
  here.up.resolve(stored);
  await settled();
  expect(sent).toBe(1);
  expect(here.files.desk.value?.take("room").map(({ name }) => name)).toEqual(["a"]);
});

test("another draft goes at once, and one that was left is not sent behind its back", async () => {
  const here = files();
  let sent = 0;
  void here.files.add("room", "room", [new File(["tides"], "a")]);
  expect(here.files.isReady("other", () => undefined)).toBe(true);
  here.files.isReady("room", () => void (sent += 1));
  here.files.endWait("room");
  here.door.resolve(await import("./files-desk.ts"));
  here.up.resolve(stored);
  await settled();
  expect(sent).toBe(0);
  expect(here.files.has("room")).toBe(true);
});

test("where the desk cannot be fetched it is said, and nothing goes without its file", async () => {
  const here = files();
  let sent = 0;
  const adding = here.files.add("room", "room", [new File(["tides"], "a")]);
  here.files.isReady("room", () => void (sent += 1));
  here.door.reject(new Error("offline"));
  await adding;
  expect({ said: here.said, sent, has: here.files.has("room") }).toEqual({ said: [strings.part_failed], sent: 0, has: false });
});
