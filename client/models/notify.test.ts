import { afterAll, beforeEach, expect, test } from "bun:test";
import { person } from "../testing/house.ts";
import { message } from "../testing/outside.ts";
import { myRoom } from "../testing/rooms.ts";
import type { News } from "./news.ts";
import { NotifyModel } from "./notify.ts";

const before: unknown = Reflect.get(globalThis, "Notification");
const shown: { title: string; body: string; tag: string; click(): void }[] = [];
let answer: NotificationPermission = "granted";

beforeEach(() => {
  shown.length = 0;
  heard.length = 0;
  quiet = false;
  answer = "granted";
  localStorage.removeItem("snug-notify");
  const browser = function (title: string, { body, tag }: { body: string; tag: string }) {
    let clicked = (): void => {};
    shown.push({ title, body, tag, click: () => clicked() });
    return { addEventListener: (_: string, run: () => void) => (clicked = run), close: () => {} };
  };
  Object.assign(browser, { permission: "granted", requestPermission: async () => answer });
  Reflect.set(globalThis, "Notification", browser);
});
afterAll(() => {
  if (before === undefined) Reflect.deleteProperty(globalThis, "Notification");
  else Reflect.set(globalThis, "Notification", before);
});

let quiet = false;
const heard: string[] = [];

function notifying() {
  const opened: string[] = [];
  const notify = new NotifyModel({
    isReading: (room_id) => room_id === "read",
    myId: () => "me",
    titleOf: ({ sender }) => sender.display_name,
    textOf: (news) => news.message.content,
    isQuiet: () => quiet,
    sound: ({ room }) => void heard.push(room.id),
    open: ({ room }) => void opened.push(room.id),
  });
  return { notify, opened };
}
const news = (room_id: string, level: "all" | "mentions" | "none" | "muted", mentions: string[] = []): News => ({
  room: myRoom(room_id, { me: { level } }),
  sender: person("ann"),
  message: message(1, "hello", { room_id, mentions }),
});

test("only a click asks the browser; until then, and after a no, nothing is shown", async () => {
  const { notify } = notifying();
  notify.hear(news("quay", "all"));
  answer = "denied";
  await notify.switchOn();
  notify.hear(news("quay", "all"));
  expect([notify.is_on.value, notify.allowed.value, shown.length]).toEqual([false, "denied", 0]);
  answer = "granted";
  await notify.switchOn();
  notify.hear(news("quay", "all"));
  expect([notify.is_on.value, shown.length]).toEqual([true, 1]);
});

test("a room's level decides, and the room before one's eyes is silent", async () => {
  const { notify } = notifying();
  await notify.switchOn();
  notify.hear(news("every", "all"));
  notify.hear(news("mine", "mentions", ["me"]));
  for (const silent of [
    news("other", "mentions", ["bob"]),
    news("none", "none", ["me"]),
    news("muted", "muted", ["me"]),
    news("read", "all", ["me"]),
  ])
    notify.hear(silent);
  expect(shown.map(({ tag }) => tag)).toEqual(["every", "mine"]);
});

test("a click on it opens the room; switched off, nothing more comes", async () => {
  const { notify, opened } = notifying();
  await notify.switchOn();
  notify.hear(news("quay", "all"));
  shown[0]?.click();
  expect(opened).toEqual(["quay"]);
  notify.switchOff();
  notify.hear(news("quay", "all"));
  expect(shown).toHaveLength(1);
});

test("a sound goes with what is told, whether or not the browser shows it; while nothing is to disturb there is neither", async () => {
  const { notify } = notifying();
  for (const one of [news("quay", "all"), news("none", "none", ["me"]), news("muted", "muted", ["me"]), news("read", "all")]) notify.hear(one);
  expect([heard, shown.length]).toEqual([["quay"], 0]);
  await notify.switchOn();
  notify.hear(news("quay", "all"));
  expect([heard, shown.length]).toEqual([["quay", "quay"], 1]);
  quiet = true;
  notify.hear(news("quay", "all", ["me"]));
  expect([heard, shown.length]).toEqual([["quay", "quay"], 1]);
});
