import { expect, test } from "bun:test";
import { signal } from "@preact/signals";
import { testHouse } from "../testing/house.ts";
import { NamesModel } from "./names.ts";
import type { MyRoom } from "./rooms.ts";

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
