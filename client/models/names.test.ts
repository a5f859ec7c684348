import { afterEach, expect, test } from "bun:test";
import { signal } from "@preact/signals";
import { testHouse } from "../testing/house.ts";
import { NamesModel } from "./names.ts";
import { chinese } from "../lib/chinese.ts";
import { tableOf } from "../lib/emoji-table.ts";
import { speak } from "../lib/language.ts";
import type { MyRoom } from "./rooms.ts";

afterEach(() => speak("en"));

test("a message changes a room and none of the names; a channel that is called otherwise does", () => {
  const me: MyRoom["me"] = { role: "member", level: "all", acked_seq: 0, unread: 0, unread_mentions: 0 };
  const quay: MyRoom = { ...testHouse().toMe(), type: "channel", name: "quay", me };
  const channels = signal<MyRoom[]>([quay]);
  const names = new NamesModel({ channels }, { users: signal(new Map()) }, () => new Promise(() => {}));
  const before = names.channels.value;
  expect(before.get("quay")?.id).toBe(quay.id);
  channels.value = [{ ...quay, last_seq: quay.last_seq + 1 }];
  expect(names.channels.value === before).toBe(true);
  channels.value = [{ ...quay, name: "The pier" }];
  expect([...names.channels.value.keys()]).toEqual(["the-pier"]);
});

test("emoji are loaded once in each language the page comes to speak; what comes late for the one before is not taken, and a failure is tried again", async () => {
  const asked: PromiseWithResolvers<ReturnType<typeof tableOf>>[] = [];
  const load = () => {
    const answer = Promise.withResolvers<ReturnType<typeof tableOf>>();
    asked.push(answer);
    return answer.promise;
  };
  const names = new NamesModel({ channels: signal([]) }, { users: signal(new Map()) }, load);
  const [one, other] = [tableOf(), tableOf({ names: "👍 赞" })];
  const first = names.needEmoji();
  void names.needEmoji();
  expect(asked).toHaveLength(1);
  asked[0]?.reject(new Error("gone"));
  await first;
  const second = names.needEmoji();
  speak("zh", chinese);
  const third = names.needEmoji();
  expect(asked).toHaveLength(3);
  asked[2]?.resolve(other);
  await third;
  asked[1]?.resolve(one);
  await second;
  expect(names.emoji.value === other).toBe(true);
  await names.needEmoji();
  expect(asked).toHaveLength(3);
});
