import { afterEach, expect, test } from "bun:test";
import { cleanup, fireEvent, render, screen, within } from "@testing-library/preact";
import { ApiError } from "../lib/api-error.ts";
import { createLater } from "../models/later.ts";
import { testHouse } from "../testing/house.ts";
import { drawn, seated } from "../testing/page.tsx";
import { aboutMe } from "../testing/sitting.ts";
import { Late } from "./late.tsx";

await import("./workspace.tsx"); // fetched late; here it is at hand
afterEach(cleanup);

const entry = (n: number) => ({
  id: `entry-${n}`,
  at: new Date(Date.UTC(2026, 0, 2)).toISOString(),
  actor_id: "ann",
  action: "invite.made",
  detail: {},
});
const runs = (path: string, role: "owner" | "admin" | "member", answers: Parameters<typeof seated>[2] = {}) =>
  seated(testHouse(), path, { "GET /me": () => ({ ...aboutMe, role }), ...answers });

/** A part that is fetched late has come, and what it asks for too. */
const arrived = async (): Promise<void> => {
  for (let i = 0; i < 3; i += 1) {
    await new Promise((resolve) => setTimeout(resolve));
    await drawn();
  }
};

test("who runs the workspace finds its screens, the focus on the heading; a member finds a page like one that never was, and nothing is asked", async () => {
  await runs("/workspace/audit", "owner", { "GET /admin/audit": () => ({ items: [entry(1)] }) });
  await arrived();
  const heading = screen.getByRole("heading", { name: "Audit log" });
  expect(document.activeElement).toBe(heading);
  expect(within(screen.getByRole("list", { name: "Entries" })).getAllByRole("listitem")).toHaveLength(1);
  cleanup();
  const { api } = await runs("/workspace/audit", "member", { "GET /admin/audit": () => ({ items: [entry(1)] }) });
  await arrived();
  expect(screen.getByRole("heading", { name: "This is not available." })).toBeDefined();
  expect(screen.queryByRole("navigation", { name: "Manage workspace" })).toBeNull();
  expect(api.asked.filter(({ call }) => call.includes("/admin"))).toEqual([]);
});

test("an address that names no screen is a page like one that never was, with the screens beside it", async () => {
  await runs("/workspace/nowhere", "admin");
  await arrived();
  expect(screen.getByRole("heading", { name: "This is not available." })).toBeDefined();
  expect(screen.getByRole("link", { name: "Audit log" })).toBeDefined();
});

test("a list goes on by its cursor, and one that could not be had is asked for again from where it was", async () => {
  let isDown = false;
  const { api } = await runs("/workspace/audit", "owner", {
    "GET /admin/audit": (path) => {
      if (isDown) throw new ApiError({ code: "unavailable", retry: true });
      return path.includes("before=") ? { items: [entry(1)] } : { items: [entry(3), entry(2)], next_cursor: "entry-2" };
    },
  });
  await arrived();
  const rows = () => screen.queryAllByRole("listitem").filter((row) => row.className === "desk__row").length;
  expect(rows()).toBe(2);
  isDown = true;
  fireEvent.click(screen.getByRole("button", { name: "Show more" }));
  await arrived();
  expect(screen.getByText("The server could not do that.")).toBeDefined();
  expect(rows()).toBe(2);
  isDown = false;
  fireEvent.click(screen.getByRole("button", { name: "Retry" }));
  await arrived();
  expect(rows()).toBe(3);
  expect(screen.queryByRole("button", { name: "Show more" })).toBeNull();
  expect(api.asked.filter(({ call }) => call.includes("before=entry-2"))).toHaveLength(2);
});

test("a part that cannot be fetched says so and offers a reload; the rest of the page lives on", async () => {
  const lost = createLater(() => Promise.reject<{ Part: () => null }>(new Error("no line")));
  render(
    <>
      <Late of={lost}>{({ Part }) => <Part />}</Late>
      <p>the rest</p>
    </>,
  );
  expect(screen.getByText("Loading…")).toBeDefined();
  await arrived();
  expect(screen.getByRole("alert").textContent).toContain("could not be loaded");
  expect(screen.getByRole("button", { name: "Reload" })).toBeDefined();
  expect(screen.getByText("the rest")).toBeDefined();
});
