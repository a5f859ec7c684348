import { expect, test } from "bun:test";
import { testClock } from "../testing/outside.ts";
import { SpokenModel } from "./spoken.ts";

const words = (spoken: InstanceType<typeof SpokenModel>) => spoken.said.value.map((one) => ("count" in one ? one.count : one.content));

test("each message is told once, of a burst only how many more, and after it each again", async () => {
  const clock = testClock();
  const spoken = new SpokenModel(clock.later);
  for (let i = 1; i <= 8; i += 1) spoken.hear("ann", `m${i}`);
  expect(words(spoken)).toEqual(["m1", "m2", "m3"]);
  await clock.advance(2_000);
  expect(words(spoken)).toEqual(["m1", "m2", "m3", 5]);
  spoken.hear("ann", "m9");
  expect(words(spoken)).toEqual(["m1", "m2", "m3", 5, "m9"]);
});

test("another room begins in silence, and the burst of the last one is not told there", async () => {
  const clock = testClock();
  const spoken = new SpokenModel(clock.later);
  for (let i = 1; i <= 5; i += 1) spoken.hear("ann", `m${i}`);
  spoken.begin();
  await clock.advance(2_000);
  expect(words(spoken)).toEqual([]);
});
