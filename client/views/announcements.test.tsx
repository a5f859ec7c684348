import { afterEach, expect, test } from "bun:test";
import { cleanup, screen } from "@testing-library/preact";
import type { Room } from "../../server/protocol.ts";
import { testHouse } from "../testing/house.ts";
import { drawn, field, seated } from "../testing/page.tsx";

afterEach(() => {
  cleanup();
  localStorage.clear();
});

test("where only admins post there is nothing to write in and nothing to answer with, from the moment it is said", async () => {
  const house = testHouse();
  for (const frame of house.run({ do: "post", user: "ann", content: "hello" })) expect(frame.type).toBe("message");
  const { link } = await seated(house);
  const { me: _, ...room } = house.toMe();
  const say = async (more: Partial<Room>): Promise<void> => {
    const rev = house.toMe().rev + 100;
    link.hear({ type: "room", room: { ...room, rev, last_rev: rev, ...more } });
    await drawn();
  };
  const replies = (): number => screen.queryAllByRole("button", { name: "Reply" }).length;
  screen.getByText("hello").closest("article")?.focus();
  await drawn();
  expect([field("Message ann, bob").disabled, replies()]).toEqual([false, 1]);
  await say({ posting: "admins" });
  expect(screen.getByText("Only admins post here.")).toBeDefined();
  expect([screen.queryByRole("textbox"), replies()]).toEqual([null, 0]);
});
