import { expect, test } from "bun:test";
import { ApiError } from "../lib/api-error.ts";
import type { Sending } from "../lib/uploading.ts";
import { createPictureDesk } from "./picture-desk.ts";

type Line = { hear(share: number): void; done: PromiseWithResolvers<string>; cancelled: boolean };

/** A desk whose uploads end when the test says so. */
function desk(removal: () => Promise<string> = async () => "removed") {
  const lines: Line[] = [];
  const took: string[] = [];
  const said: string[] = [];
  const send = (_api: unknown, _target: unknown, _file: File, hear: (share: number) => void): Sending<string> => {
    const line: Line = { hear, done: Promise.withResolvers<string>(), cancelled: false };
    lines.push(line);
    return { done: line.done.promise, cancel: () => void (line.cancelled = true) };
  };
  const api = { credential: () => ({}), refresh: async () => true, delete: removal as <T>() => Promise<T> };
  const parts = {
    api,
    path: "/me/avatar",
    most: () => 100,
    took: (told: string) => void took.push(told),
    say: (words: string) => void said.push(words),
  };
  return { desk: createPictureDesk<string>({ ...parts, send }), lines, took, said };
}
const picture = (bytes = 50): File => new File(["x".repeat(bytes)], "me.png");
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

test("how far a picture is stands beside it, and what the server answers is taken over", async () => {
  const here = desk();
  here.desk.choose(picture());
  here.lines[0]?.hear(0.4);
  expect(here.desk.state.value).toEqual({ kind: "sending", share: 0.4 });
  here.lines[0]?.done.resolve("mine");
  await settled();
  expect([here.desk.state.value.kind, here.took, here.said.length]).toEqual(["still", ["mine"], 1]);
});

test("what is empty or too large never goes, and says so", () => {
  const here = desk();
  for (const [bytes, words] of [
    [0, /empty/u],
    [101, /larger than 100 bytes/u],
  ] as const) {
    here.desk.choose(picture(bytes));
    expect(here.desk.state.value).toEqual({ kind: "failed", words: expect.stringMatching(words) });
  }
  expect(here.lines).toEqual([]);
});

test("another choice takes the place of one that is going, which says nothing any more; cancelled leaves what was", async () => {
  const here = desk();
  here.desk.choose(picture());
  here.desk.choose(picture());
  here.lines[0]?.done.resolve("the first");
  here.lines[0]?.hear(0.9);
  await settled();
  expect([here.lines[0]?.cancelled, here.desk.state.value, here.took]).toEqual([true, { kind: "sending", share: 0 }, []]);
  here.desk.cancel();
  expect([here.lines[1]?.cancelled, here.desk.state.value.kind]).toEqual([true, "still"]);
});

test("each refusal is said in words for who chose the picture; removing may be refused too", async () => {
  const wordsFor = async (code: string): Promise<string> => {
    const here = desk();
    here.desk.choose(picture());
    here.lines[0]?.done.reject(new ApiError({ code, retry: false }));
    await settled();
    const state = here.desk.state.value;
    return state.kind === "failed" ? state.words : "";
  };
  expect(await wordsFor("invalid")).toBe("This cannot be opened as a picture.");
  expect(await wordsFor("too_large")).toContain("larger than");
  expect(await wordsFor("storage_full")).toContain("Not uploaded: ");
  const here = desk(() => Promise.reject(new ApiError({ code: "offline", retry: true })));
  await here.desk.remove();
  expect([here.desk.state.value.kind, here.took]).toEqual(["failed", []]);
  const there = desk();
  await there.desk.remove();
  expect([there.desk.state.value.kind, there.took]).toEqual(["still", ["removed"]]);
});
