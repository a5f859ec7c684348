import { expect, test } from "bun:test";
import { ApiError } from "../lib/api-error.ts";
import { person } from "../testing/house.ts";
import { message, settled, testApi } from "../testing/outside.ts";
import { QuotesModel } from "./quotes.ts";

const quoted = (seq: number) => ({ room_id: "room", id: `message-${seq}` });
const answered = (seq: number) => ({ message: message(seq, `m${seq}`), user: person("ann") });

test("what is on the page is not asked for; what is not is asked once, four at a time", async () => {
  const answers: (() => void)[] = [];
  const api = testApi({
    "GET /rooms/room/messages/message-": (path) => new Promise((resolve) => answers.push(() => resolve(answered(Number(path.split("-")[1]))))),
  });
  const quotes = new QuotesModel({ api, held: ({ id }) => (id === "message-1" ? message(1, "here") : undefined), meet: () => {} });
  for (const seq of [1, 2, 3, 4, 5, 6, 2]) quotes.need(quoted(seq));
  await settled();
  expect(quotes.quotes.value.get("message-1")?.content).toBe("here");
  expect(api.asked).toHaveLength(4);
  while (answers.length > 0) {
    answers.shift()?.();
    await settled();
  }
  expect(api.asked.map(({ call }) => call.at(-1))).toEqual(["2", "3", "4", "5", "6"]);
  expect(quotes.quotes.value.get("message-6")?.content).toBe("m6");
});

test("one that is not to be had is null; one that could not be asked for is asked for again", async () => {
  let is_up = false;
  const api = testApi({
    "GET /rooms/room/messages/message-2": () => (is_up ? answered(2) : Promise.reject(new ApiError({ code: "offline", retry: true }))),
  });
  const quotes = new QuotesModel({ api, held: () => undefined, meet: () => {} });
  quotes.need(quoted(1));
  quotes.need(quoted(2));
  await settled();
  expect([...quotes.quotes.value]).toEqual([["message-1", null]]);
  is_up = true;
  quotes.need(quoted(1));
  quotes.need(quoted(2));
  await settled();
  expect(quotes.quotes.value.get("message-2")?.content).toBe("m2");
  expect(api.asked).toHaveLength(3);
});

test("an edit or a removal changes its quotes, an older row does not, and what nobody quotes is not kept", async () => {
  const quotes = new QuotesModel({ api: testApi({}), held: () => message(1, "as it was"), meet: () => {} });
  quotes.need(quoted(1));
  quotes.heard(message(1, "better", { rev: 20 }));
  quotes.heard(message(1, "late", { rev: 10 }));
  quotes.heard(message(2, "of no concern"));
  expect([...quotes.quotes.value.values()].map((one) => one?.content)).toEqual(["better"]);
});

test("what a room no longer keeps is quoted no longer; another room's message is", async () => {
  const held = ({ room_id, id }: { room_id: string; id: string }) => ({ ...message(Number(id.split("-")[1]), "said"), room_id });
  const quotes = new QuotesModel({ api: testApi({}), held, meet: () => {} });
  for (const one of [quoted(1), quoted(5), { room_id: "other", id: "message-2" }]) quotes.need(one);
  quotes.began("room", 5);
  expect([...quotes.quotes.value.values()].map((one) => one?.seq ?? null)).toEqual([null, 5, 2]);
});
