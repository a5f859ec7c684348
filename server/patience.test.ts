import { expect, test } from "bun:test";
import { createPatience } from "./patience.ts";

test("who waits is told when its time is up, and who waits no more is not", async () => {
  let now = 0;
  const patience = createPatience(4, () => now);
  const { promise, resolve } = Promise.withResolvers<void>();
  const told: string[] = [];
  const cancel = patience(() => void told.push("cancelled"));
  patience(() => void told.push("first"));
  now = 2; // a quarter is over: another timer
  patience(() => {
    told.push("second");
    resolve();
  });
  cancel();
  await promise;
  expect(told).toEqual(["first", "second"]);
});
