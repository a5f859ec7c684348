import { expect, test } from "bun:test";
import { testClock, testLink } from "../testing/outside.ts";
import { createIdle } from "./idle.ts";

test("ten minutes without a touch say away, the next touch says active, and a new connection hears it again", async () => {
  const clock = testClock();
  const link = testLink();
  const idle = createIdle({ link, now: clock.now, later: clock.later });
  const said = () => link.said.map((frame) => (frame.type === "presence" ? frame.status : frame.type));
  link.reach("open");
  await clock.advance(599_000);
  idle.touch();
  await clock.advance(599_000);
  idle.begun();
  expect(said()).toEqual([]);
  await clock.advance(1_000);
  expect(said()).toEqual(["away"]);
  link.reach("waiting");
  link.reach("open");
  idle.begun();
  expect(said()).toEqual(["away", "away"]);
  idle.touch();
  idle.touch();
  expect(said()).toEqual(["away", "away", "active"]);
});
