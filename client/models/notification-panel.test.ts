import { expect, test } from "bun:test";
import { ApiError } from "../lib/api-error.ts";
import { settled, testApi, testClock } from "../testing/outside.ts";
import { createPanel, wordsIn } from "./notification-panel.ts";

const told = (n: number, state: string) => ({
  ...{ notification_id: `n${n}`, topic: "t", payload: {}, state, attempts: 1 },
  created_at: new Date(Date.UTC(2026, 0, n)).toISOString(),
});

test("all that is kept is listed newest first, however many pages it takes, and what was given up is acknowledged too", async () => {
  const acked: string[] = [];
  const api = testApi({
    "GET /notifications?state=delivered&limit=200&cursor=d1": () => ({ items: [told(3, "delivered")] }),
    "GET /notifications?state=delivered": () => ({ items: [told(1, "delivered")], next_cursor: "d1" }),
    "GET /notifications?state=pending": () => ({ items: [told(4, "pending")] }),
    "GET /notifications?state=dead": () => ({ items: [told(2, "dead")] }),
    "PUT /notifications/": () => undefined,
  });
  const panel = createPanel({ api, later: testClock().later, settled: (id) => void acked.push(id) });
  await panel.open();
  expect(panel.pages.items.value?.map(({ id, isNew }) => `${id} ${isNew}`)).toEqual(["n4 true", "n3 false", "n2 true", "n1 false"]);
  expect(acked).toEqual(["n4", "n2"]);
});

test("more than may be asked at once are acknowledged as slowly as it is told, and one that fails holds up none", async () => {
  const clock = testClock();
  const acked: string[] = [];
  let isBusy = true;
  const api = testApi({
    "GET /notifications?state=pending": () => ({ items: [told(1, "pending"), told(2, "pending"), told(3, "pending")] }),
    "GET /notifications": () => ({ items: [] }),
    "PUT /notifications/n3": () => {
      throw new ApiError({ code: "offline", retry: true });
    },
    "PUT /notifications/": () => {
      if (isBusy) throw new ApiError({ code: "rate_limited", retry: true, retry_after_ms: 700 });
    },
  });
  const panel = createPanel({ api, later: clock.later, settled: (id) => void acked.push(id) });
  void panel.open();
  await settled();
  await settled();
  expect(acked).toEqual([]);
  isBusy = false;
  await clock.advance(700);
  await settled();
  expect(acked).toEqual(["n2", "n1"]);
});

test("of a payload its title and its text are for people, where they are texts", () => {
  expect(wordsIn({ title: "Done", body: "All green", text: "else" })).toEqual({ title: "Done", text: "All green" });
  expect(wordsIn({ body: " ", text: 7, message: "from a program" })).toEqual({ text: "from a program" });
  expect(wordsIn({ title: { html: "<b>" }, url: "javascript:alert(1)" })).toEqual({});
});
