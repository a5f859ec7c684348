import { afterEach, expect, test } from "bun:test";
import { cleanup, fireEvent } from "@testing-library/preact";
import { testHouse } from "../testing/house.ts";
import { drawn, seated } from "../testing/page.tsx";

afterEach(() => {
  cleanup();
  localStorage.clear();
});

test("the day that is chosen is asked for from its midnight where the reader is, and led to; Esc leads nowhere", async () => {
  const house = testHouse();
  house.run({ do: "post", user: "ann", content: "one" });
  house.run({ do: "post", user: "ann", content: "two" });
  const asked: string[] = [];
  const { app } = await seated(house, "/r/room", {
    "GET /rooms/room/messages?around_time": (path) => {
      asked.push(decodeURIComponent(/around_time=([^&]+)/u.exec(path)?.[1] ?? ""));
      return { ...house.page(), items: house.page().items.slice(1, 2) };
    },
  });
  const open = async (): Promise<HTMLDialogElement | null> => {
    const line = document.querySelector(".messages__date");
    if (line) fireEvent.click(line);
    await import("./jump.tsx"); // what the page fetches
    await drawn();
    await drawn();
    return document.querySelector<HTMLDialogElement>("#dialog-jump");
  };
  (await open())?.close();
  await drawn();
  expect([document.querySelector("#dialog-jump"), asked]).toEqual([null, []]);
  const dialog = await open();
  const day = dialog?.querySelector<HTMLInputElement>("input");
  if (day) day.value = "2026-01-05";
  const form = dialog?.querySelector("form");
  if (form) fireEvent.submit(form);
  await drawn();
  expect(asked).toEqual([new Date(2026, 0, 5).toISOString()]);
  expect(app.timeline.peek()?.marked.peek()).toBe(2);
});
