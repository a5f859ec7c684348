import { expect, test } from "bun:test";
import { ApiError } from "../lib/api-error.ts";
import { testClock } from "../testing/outside.ts";
import { NoticeModel } from "./notice.ts";

const slow = () => Promise.reject(new ApiError({ code: "rate_limited", retry: true, retry_after_ms: 2_400 }));

test("who asks too fast is told once how long to wait; it is counted down and goes when it is over", async () => {
  const clock = testClock();
  const { notice, attempt } = new NoticeModel(clock.later);
  await attempt(slow);
  expect(notice.value).toEqual({ words: "Try again in 3 seconds.", kind: "trouble", wait_s: 3 });
  await clock.advance(1_000);
  expect(notice.value).toEqual({ words: "Try again in 3 seconds.", kind: "trouble", wait_s: 2 });
  await clock.advance(2_000);
  expect(notice.value).toBeNull();
});

test("a wait that was dismissed, or is followed by something else, counts no further", async () => {
  const clock = testClock();
  const { notice, attempt, say } = new NoticeModel(clock.later);
  await attempt(slow);
  say(null);
  await clock.advance(1_000);
  expect(notice.value).toBeNull();
  await attempt(slow);
  say("Saved", "done");
  await clock.advance(1_000);
  expect(notice.value?.words).toBe("Saved");
});

test("a refusal is said in the words of who asked, where they have some for it, and else in those of its code", async () => {
  const { notice, attempt } = new NoticeModel(testClock().later);
  const refused = (code: string) => () => Promise.reject(new ApiError({ code, retry: false }));
  await attempt(refused("conflict"), { conflict: "As many as there may be." });
  expect(notice.value).toEqual({ words: "As many as there may be.", kind: "trouble" });
  await attempt(refused("forbidden"), { conflict: "As many as there may be." });
  expect(notice.value?.words).not.toBe("As many as there may be.");
});
