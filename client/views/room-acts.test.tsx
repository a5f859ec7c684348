import { afterEach, expect, test } from "bun:test";
import { cleanup, fireEvent, screen } from "@testing-library/preact";
import { testHouse } from "../testing/house.ts";
import { drawn, seated } from "../testing/page.tsx";

afterEach(() => {
  cleanup();
  localStorage.clear();
});

test("a room's row in the sidebar has a menu of its own: read, muted and no longer muted, left after a question", async () => {
  const house = testHouse();
  house.run({ do: "post", user: "ann", content: "hello" });
  const calls: unknown[] = [];
  const { app, clock } = await seated(house, "/browse", {
    "GET /rooms?scope": () => ({ items: [] }),
    "PUT /rooms/room/members/me": (_, body) => {
      calls.push(body);
      return undefined;
    },
  });
  const row = (): HTMLElement => screen.getByRole("link", { name: /ann, bob/u });
  const menu = async (): Promise<string[]> => {
    expect(fireEvent.contextMenu(row(), { button: 2 })).toBe(false);
    await drawn();
    return [...document.querySelectorAll(".row-menu [role=menuitem]")].map(({ textContent }) => textContent ?? "");
  };
  expect(await menu()).toEqual(["Mark as read", "Mute", "Copy link", "Details", "Leave"]);
  fireEvent.click(screen.getByRole("menuitem", { name: "Mark as read" }));
  await clock.advance(1_000);
  expect(app.rooms.rooms.value.get("room")?.me.unread).toBe(0);
  expect((await menu())[0]).toBe("Mute");
  fireEvent.click(screen.getByRole("menuitem", { name: "Mute" }));
  await drawn();
  await menu();
  fireEvent.click(screen.getByRole("menuitem", { name: "Unmute" }));
  await drawn();
  expect(calls).toEqual([{ level: "muted" }, { level: "all" }]);
  await menu();
  fireEvent.click(screen.getByRole("menuitem", { name: "Leave" }));
  await drawn();
  expect(document.querySelector<HTMLDialogElement>("#dialog-confirm")?.open).toBe(true);
});

test("the menu of a room that was left elsewhere goes", async () => {
  const { app } = await seated(testHouse(), "/browse", { "GET /rooms?scope": () => ({ items: [] }) });
  fireEvent.contextMenu(screen.getByRole("link", { name: /ann, bob/u }), { button: 2 });
  await drawn();
  expect(app.layers.open.value).toContain("menu");
  app.rooms.rooms.value = new Map();
  await drawn();
  expect(document.querySelector(".row-menu")).toBe(null);
  expect([app.layers.open.value.includes("menu"), app.acts.menu.value]).toEqual([false, null]);
});
