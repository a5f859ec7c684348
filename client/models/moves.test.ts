import { expect, test } from "bun:test";
import type { Member, Message } from "../../server/protocol.ts";
import { testHouse } from "../testing/house.ts";
import { message, settled, testApi } from "../testing/outside.ts";
import { listed } from "../lib/plurals.ts";
import { linesOf } from "./lines.ts";
import { MovesModel, withMoves } from "./moves.ts";
import type { MyRoom } from "./rooms.ts";

const at = (seconds: number): string => new Date(Date.UTC(2026, 0, 2) + seconds * 1_000).toISOString();
const member = (user_id: string, rev: number, joined: number, left?: number): Member => ({
  room_id: "room",
  user_id,
  role: "member",
  joined_at: at(joined),
  rev,
  ...(left !== undefined && { left_at: at(left) }),
});
const house = testHouse();
house.run({ do: "post", user: "ann", content: "one" });
const room = { ...house.toMe(), created_at: at(0) } as MyRoom; // a house tells what is mine
const stretch = (stored: readonly Message[], more: { more_before?: boolean; more_after?: boolean } = {}) => ({
  stored,
  more_before: false,
  more_after: false,
  ...more,
});
const drawn = (stored: readonly Message[], rows: readonly Member[], more = {}) =>
  withMoves(
    linesOf({ pending: [], new_after: null, ...stretch(stored, more) }),
    new Map(rows.map((row) => [row.user_id, row])),
    room,
    stretch(stored, more),
  ).flatMap((line) => {
    if (line.kind === "moves") return line.says((ids) => [...ids]);
    return line.kind === "post" ? `${line.post.message?.content}${line.grouped ? " (grouped)" : ""}` : [];
  });
const said = [message(10, "ten"), message(20, "twenty"), message(30, "thirty")]; // of their seconds

test("who came and went stands between the messages it happened between, folded into one line", () => {
  const rows = [member("bob", 11, 11), member("cy", 12, 12), member("dan", 31, 5, 25), member("eve", 40, 41), member("ann", 1, 0)];
  expect(drawn(said, rows)).toEqual(["ten", "bob and cy joined", "twenty", "dan left", "thirty", "eve joined"].toSpliced(0, 0, "dan joined"));
});

test("many are some by name and the others by their number; who came and went again leaves no line, and nothing parts a group without one", () => {
  const many = ["a", "b", "c", "d", "e"].map((id, i) => member(id, 11 + i, 11 + i));
  expect(drawn(said, many)).toEqual(["ten", `${listed(["a", "b", "3 others"])} joined`, "twenty", "thirty (grouped)"]);
  expect(drawn(said, [member("ghost", 12, 11, 12)])).toEqual(["ten", "twenty (grouped)", "thirty (grouped)"]);
});

test("beyond what is held nothing is drawn: it would stand where it did not happen", () => {
  const rows = [member("early", 2, 1), member("late", 50, 50), member("bob", 11, 11)];
  expect(drawn(said, rows, { more_before: true, more_after: true })).toEqual(["ten", "bob joined", "twenty", "thirty (grouped)"]);
});

test("each end of what is held is asked for once, and what the stream tells comes beside it", async () => {
  const asked: string[] = [];
  const api = testApi({
    "GET /rooms/room/members": (path) => {
      asked.push(path.split("?")[1] ?? "");
      return { items: [{ member: member("bob", 11, 11), user: { id: "bob", display_name: "Bob", role: "member", kind: "person" } }] };
    },
  });
  const moves = new MovesModel({ api, meet: () => {} });
  moves.heard(member("cy", 5, 5)); // before anybody asked: the answer will tell
  expect(moves.members.value.size).toBe(0);
  moves.need(room, stretch(said, { more_before: true }));
  moves.need(room, stretch(said, { more_before: true }));
  moves.need(room, stretch([message(3, "three"), ...said], { more_before: true }));
  moves.need(room, stretch([message(1, "one"), message(3, "three"), ...said]));
  await settled();
  expect(asked).toEqual(["after_rev=12&limit=200", "after_rev=5&until_rev=12&limit=200", "after_rev=0&until_rev=5&limit=200"]);
  moves.heard(member("bob", 60, 11, 60));
  moves.heard(member("bob", 11, 11)); // late
  expect(moves.members.value.get("room")?.get("bob")?.rev).toBe(60);
});
