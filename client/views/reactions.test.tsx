import { afterEach, expect, test } from "bun:test";
import { cleanup, fireEvent, screen } from "@testing-library/preact";
import type { Message, Reaction } from "../../server/protocol.ts";
import { ApiError } from "../lib/api-error.ts";
import { chinese } from "../lib/chinese.ts";
import { speak } from "../lib/language.ts";
import { person, testHouse } from "../testing/house.ts";
import { message, settled } from "../testing/outside.ts";
import { drawn, field, seated } from "../testing/page.tsx";

await Promise.all([import("./row-extras.tsx"), import("./emoji-picker.tsx"), import("../lib/emoji-table.ts"), import("../lib/zh/emoji.ts")]); // fetched late; here they are at hand
afterEach(() => {
  cleanup();
  speak("en");
  localStorage.clear();
  document.querySelectorAll("body > div").forEach((host) => host.remove());
});

const LIKE = "👍";
const arrived = async (): Promise<void> => {
  for (let i = 0; i < 3; i += 1) await drawn();
};
const withLikes = (...user_ids: string[]): Reaction[] => (user_ids.length === 0 ? [] : [{ emoji: LIKE, count: user_ids.length, user_ids }]);
/** A message of ann's that these have liked. */
async function liked(user_ids: string[], answers: Parameters<typeof seated>[2] = {}) {
  const house = testHouse();
  house.run({ do: "post", user: "ann", content: "look" });
  const seat = await seated(house, "/r/room", answers);
  const told = (reactions: readonly Reaction[], rev: number): Message =>
    message(1, "look", { rev, ...(reactions.length > 0 && { reactions: [...reactions] }) });
  const hear = (...ids: string[]): void =>
    seat.link.hear({ type: "message", message: told(withLikes(...ids), seat.house.toMe().last_rev + (heard += 1)), user: person("ann") });
  let heard = 0;
  hear(...user_ids);
  await arrived();
  return { ...seat, hear, told };
}
const chip = (): HTMLElement | null => screen.queryByRole("button", { name: /^👍 \d/u });
const said = (): string | undefined => [chip()?.title, chip()?.getAttribute("aria-pressed"), chip()?.textContent].join(" | ");

test("a reaction says who gave it, in words and by a pressed button, and is given and taken back by a press, at once", async () => {
  let release = (): void => {};
  const path = `/rooms/room/messages/message-1/reactions/${encodeURIComponent(LIKE)}`;
  const answer = (user_ids: string[]) => async () => {
    await new Promise<void>((resolve) => (release = resolve));
    return seat.told(withLikes(...user_ids), 100 + user_ids.length);
  };
  const seat = await liked(["bob", "ann"], { [`PUT ${path}`]: answer(["bob", "ann", "me"]), [`DELETE ${path}`]: answer(["bob", "ann"]) });
  expect(said()).toBe("bob and ann reacted with 👍 | false | 👍2");
  fireEvent.click(chip() ?? document.body);
  await arrived();
  expect(said()).toBe("You, bob, and ann reacted with 👍 | true | 👍3");
  release();
  await arrived();
  expect(said()).toBe("You, bob, and ann reacted with 👍 | true | 👍3");
  expect(seat.app.timeline.value?.stored.value[0]?.reactions?.[0]?.count).toBe(3);
  expect([...document.querySelectorAll("[role=log] p")]).toHaveLength(0);
});

test("what the server refuses is as it was again, and why is said", async () => {
  const refuse = () => {
    throw new ApiError({ code: "archived", retry: false });
  };
  const { app } = await liked(["bob"], { "PUT /rooms/room/messages/message-1/reactions/": refuse });
  fireEvent.click(chip() ?? document.body);
  await arrived();
  expect(said()).toBe("bob reacted with 👍 | false | 👍1");
  expect(app.notice.value?.words).toContain("archived");
});

test("the chip that is gone with the last reaction gives the focus to its message", async () => {
  const path = `DELETE /rooms/room/messages/message-1/reactions/${encodeURIComponent(LIKE)}`;
  const seat = await liked(["me"], { [path]: () => seat.told([], 200) });
  chip()?.focus();
  fireEvent.click(chip() ?? document.body);
  await arrived();
  expect(chip()).toBeNull();
  expect(document.activeElement?.tagName).toBe("ARTICLE");
});

test("among more than are named, whether I am one is asked once; others are a number", async () => {
  const names = Array.from({ length: 20 }, (_, i) => `user-${i}`);
  const { api, link, house } = await liked(["bob"], { "GET /rooms/room/messages/message-1/reactions/mine": () => ({ items: [LIKE] }) });
  for (const count of [25, 26]) {
    const reactions = [{ emoji: LIKE, count, user_ids: names }];
    link.hear({ type: "message", message: message(1, "look", { rev: house.toMe().last_rev + count, reactions }), user: person("ann") });
    await arrived();
  }
  expect(chip()?.getAttribute("aria-pressed")).toBe("true");
  expect(chip()?.title).toMatch(/^You, user-0, .* and 5 others reacted with 👍$/u);
  expect(api.asked.filter(({ call }) => call.endsWith("/mine"))).toHaveLength(1);
});

test("by keyboard alone: + opens the picker on a row, its name finds an emoji, the arrows walk, Enter gives it, and the focus is back", async () => {
  const given: string[] = [];
  const { app } = await liked([], {
    "PUT /rooms/room/messages/message-1/reactions/": (path) => {
      given.push(decodeURIComponent(path.split("/").at(-1) ?? ""));
      return message(1, "look", { rev: 300 });
    },
  });
  const press = async (key: string): Promise<void> => {
    fireEvent.keyDown(document.activeElement ?? document.body, { key });
    await arrived();
  };
  const row = screen.getByRole("article");
  row.focus();
  await press("+");
  const find = screen.getByRole("combobox", { name: "Find an emoji by its name" });
  expect(document.activeElement === find).toBe(true);
  fireEvent.input(find, { target: { value: "heart" } });
  await arrived();
  const cell = () => document.getElementById("emoji-chosen")?.textContent;
  expect(cell()).toBe("❤️");
  await press("ArrowRight");
  await press("ArrowLeft");
  await press("Enter");
  expect(given).toEqual(["❤️"]);
  expect(document.querySelector(".emoji-picker")).toBeNull();
  expect(app.layers.open.value).toEqual([]);
  await settled();
});

test("what is picked beside the composer is written where one was writing", async () => {
  await liked([]);
  const composer = field("Message ann, bob");
  fireEvent.input(composer, { target: { value: "well done !" } });
  composer.setSelectionRange(10, 10);
  fireEvent.click(screen.getByRole("button", { name: "Emoji" }));
  await arrived();
  fireEvent.click(screen.getAllByRole("gridcell", { name: "tada" })[0] ?? document.body);
  await arrived();
  expect(composer.value).toBe("well done 🎉!");
});

test("in Chinese a reaction, the picker and what stands under a text call an emoji by its Chinese name; what is given is the sign", async () => {
  speak("zh", chinese);
  const given: string[] = [];
  const seat = await liked(["bob"], {
    "PUT /rooms/room/messages/message-1/reactions/": (path) => {
      given.push(decodeURIComponent(path.split("/").at(-1) ?? ""));
      return message(1, "look", { rev: 300 });
    },
  });
  expect(screen.getByRole("button", { name: /^赞 1/u }).title).toBe("bob 用“赞”回应了");
  seat.link.hear({ type: "message", message: seat.told([{ emoji: "🦩", count: 1, user_ids: ["bob"] }], 400), user: person("ann") });
  await arrived();
  expect(screen.getByRole("button", { name: /^🦩 1/u }).title).toBe("bob 用“🦩”回应了");
  fireEvent.focusIn(screen.getByRole("article"));
  await arrived();
  expect(screen.getByRole("button", { name: "用“赞”回应" }).textContent).toBe("👍");
  screen.getByRole("article").focus();
  fireEvent.keyDown(document.activeElement ?? document.body, { key: "+" });
  await arrived();
  fireEvent.input(screen.getByRole("combobox", { name: "按名称查找表情" }), { target: { value: "撒花" } });
  await arrived();
  expect(document.querySelector(".emoji-picker__chosen")?.textContent).toBe("🎉 庆祝");
  fireEvent.click(screen.getByRole("gridcell", { name: "庆祝" }));
  await arrived();
  expect(given).toEqual(["🎉"]);
  await settled();
});

test("in English a reaction needs no names, and none are fetched for it", async () => {
  const { app } = await liked(["bob"]);
  expect(said()).toBe("bob reacted with 👍 | false | 👍1");
  expect(app.names.emoji.value).toBeNull();
});
