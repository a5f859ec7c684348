import { expect, test } from "bun:test";
import { settled, testClock } from "../testing/outside.ts";
import { createFaces } from "./faces.ts";

/** Answers are held until the test lets them go. */
function line(status: () => number = () => 200) {
  const clock = testClock();
  const asked: string[] = [];
  const held: (() => void)[] = [];
  const fetching = async (path: string): Promise<Response> => {
    asked.push(path);
    await new Promise<void>((resolve) => held.push(resolve));
    return new Response("bytes", { status: status() });
  };
  const letGo = async (): Promise<void> => {
    while (held.length > 0) {
      held.shift()?.();
      await new Promise((resolve) => setTimeout(resolve));
    }
  };
  return { faces: createFaces({ fetch: fetching }, clock.later), asked, letGo, clock };
}

test("a picture is fetched once, however often it is drawn, three of them at a time", async () => {
  const { faces, asked, letGo } = line();
  const drawn = ["a", "b", "c", "d", "a", "d"].map((id) => faces.of(id));
  await settled();
  expect(asked).toEqual(["/files/a", "/files/b", "/files/c"]);
  expect(drawn.map(({ value }) => value)).toEqual(Array(6).fill(""));
  await letGo();
  expect(asked.toSorted()).toEqual(["/files/a", "/files/b", "/files/c", "/files/d"]);
  expect(drawn.every(({ value }) => value.startsWith("blob:"))).toBe(true);
  expect(drawn[0]).toBe(drawn[4] ?? expect.unreachable());
});

test("what cannot be had is asked for again by who draws it next, and too many at once wait for a moment", async () => {
  let status = 404;
  const { faces, asked, letGo, clock } = line(() => status);
  const gone = faces.of("a");
  await settled();
  await letGo();
  expect(gone.value).toBe("");
  status = 429;
  const again = faces.of("a");
  await settled();
  await letGo();
  status = 200;
  await clock.advance(1_000);
  await letGo();
  expect([again.value.startsWith("blob:"), asked.length]).toEqual([true, 3]);
});

test("whoever sits here next is shown nothing that was fetched for who sat here before", async () => {
  const { faces, letGo } = line();
  const held = faces.of("a");
  const coming = faces.of("b");
  await settled();
  faces.forget();
  await letGo();
  expect([held.value, coming.value]).toEqual(["", ""]);
  expect(faces.of("a")).not.toBe(held);
});
