import { expect, test } from "bun:test";
import type { User } from "../../server/protocol.ts";
import { tableOf } from "../lib/emoji-table.ts";
import { names as chineseNames } from "../lib/zh/emoji.ts";
import { person } from "../testing/house.ts";
import { settled, testApi } from "../testing/outside.ts";
import { type Completion, CompletionModel } from "./completion.ts";
import { NamesModel } from "./names.ts";
import { PeopleModel } from "./people.ts";
import type { MyRoom } from "./rooms.ts";
import { signal } from "@preact/signals";

const named = (id: string, display_name: string): User => ({ ...person(id), display_name });
const channel = (name: string): MyRoom => ({
  ...{ id: `room-${name}`, type: "channel", visibility: "public", name, description: "", owner_id: null, created_at: "" },
  ...{ first_seq: 1, last_seq: 0, last_rev: 0, rev: 0, member_count: 1 },
  me: { role: "member", level: "all", acked_seq: 0, unread: 0, unread_mentions: 0 },
});

function writer(members: readonly User[] = [named("me", "Me"), named("ann", "Ann")], more: { next_cursor?: string } = {}, own?: string) {
  const api = testApi({ "GET /users": () => ({ items: [named("aaron", "Aaron"), named("ann", "Ann"), named("me", "Me")] }) });
  const people = new PeopleModel(api, () => () => {});
  const channels = signal<readonly MyRoom[]>([channel("harbour"), channel("Old Pier")]);
  const asked: string[] = [];
  const rooms = {
    channels: channels as never,
    members: async (room_id: string) => {
      asked.push(room_id);
      return { items: members.map((user) => ({ user, member: { room_id } as never })), ...more };
    },
  };
  const names = new NamesModel(rooms, people, async () => tableOf(own !== undefined && { names: own }));
  const completion = new CompletionModel({ names, rooms, people, myId: () => "me" });
  return { completion, asked, write: (text: string) => completion.write("room", text, text.length) };
}
const texts = (completion: Completion): string[] => completion.suggestions.value.map(({ text }) => text);

test("members come before others, who are told apart, and I am not among them", async () => {
  const { completion, write, asked } = writer();
  write("hello @a");
  await settled();
  expect(texts(completion)).toEqual(["@ann ", "@aaron "]);
  expect(completion.suggestions.value.map((one) => one.kind === "person" && one.is_member)).toEqual([true, false]);
  write("hello @an");
  await settled();
  expect(asked).toEqual(["room"]);
});

test("in a room whose people do not fit on a page nobody is said to be outside", async () => {
  const { completion, write } = writer(undefined, { next_cursor: "ann" });
  write("hello @a");
  await settled();
  expect(completion.suggestions.value.map((one) => one.kind === "person" && one.is_member)).toEqual([true, true]);
});

test("what is taken stands in place of what was typed", async () => {
  const { completion, write } = writer();
  write("hello @a");
  await settled();
  completion.move(1);
  expect(completion.chosen.value).toBe(1);
  completion.move(1);
  expect(completion.chosen.value).toBe(0);
  expect(completion.take(1)).toEqual({ from: 6, to: 8, text: "@aaron " });
  expect(texts(completion)).toEqual([]);
});

test("a room is typed in one word, and emoji are found after two letters", async () => {
  const { completion, write } = writer();
  write("see #old");
  expect(texts(completion)).toEqual(["#old-pier "]);
  write(":s");
  await settled();
  expect(texts(completion)).toEqual([]);
  write(":smile");
  await settled();
  expect(texts(completion).slice(0, 2)).toEqual(["😄 ", "😃 "]);
  expect(completion.suggestions.value[0]).toEqual({ kind: "emoji", key: ":smile:", text: "😄 " });
});

test("in Chinese an emoji is found by one Chinese sign after the colon of either width, and by its English name; the sign itself is inserted", async () => {
  const { completion, write } = writer(undefined, undefined, chineseNames);
  const labels = () => completion.suggestions.value.map(({ key }) => key);
  for (const text of [":赞", "：赞", "做得好！：赞", "做得好 :+1", "：thumbsup"]) {
    write(text);
    await settled();
    expect([text, labels()[0]]).toEqual([text, "赞"]);
  }
  write("好 :笑哭");
  expect(completion.take(0)).toEqual({ from: 2, to: 5, text: "😂 " });
  for (const text of ["时间：下午", "他说:好", "（张三）：好", "“备注”：完成", "：D", "：）"]) {
    write(text);
    await settled();
    expect([text, labels()]).toEqual([text, []]);
  }
});

test("a list that was closed stays closed until another name begins", async () => {
  const { completion, write } = writer();
  write("@a");
  await settled();
  completion.dismiss();
  write("@an");
  expect(texts(completion)).toEqual([]);
  write("@an and @a");
  expect(texts(completion)).toEqual(["@ann ", "@aaron "]);
});

test("everybody in the room is found by what other places call them, but never before a person who may be meant", async () => {
  const { completion, write } = writer([named("me", "Me"), named("allan", "Allan")]);
  const found = async (text: string): Promise<string[]> => {
    write(text);
    await settled();
    return texts(completion);
  };
  expect([await found("@here"), await found("@chan"), await found("@everyone")]).toEqual([["@room "], ["@room "], ["@room "]]);
  expect(await found("@al")).toEqual(["@allan ", "@room "]);
  expect(await found("@h")).toEqual([]);
});
