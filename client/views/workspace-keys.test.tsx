import { afterEach, expect, test } from "bun:test";
import { cleanup, fireEvent, screen, within } from "@testing-library/preact";
import type { ApiKey } from "../../server/protocol/api-keys.ts";
import { testHouse } from "../testing/house.ts";
import { drawn, seated } from "../testing/page.tsx";
import { aboutMe } from "../testing/sitting.ts";

await import("./workspace.tsx"); // fetched late; here it is at hand
await import("./notification-panel.tsx");
afterEach(cleanup);

const TIME = "2026-01-02T00:00:00.000Z";
const SECRET = "snug_a1b2c3d4_0123456789-0123456789_0123456789-0123456789abc";
const keyOf = (id: string, more: Partial<ApiKey> = {}): ApiKey => ({
  ...{ id, name: `key ${id}`, prefix: `snug_${id}`, scope: "server", impersonate: false, created_at: TIME },
  ...more,
});
const runs = (path: string, role: "owner" | "admin" | "member", answers: Parameters<typeof seated>[2] = {}) =>
  seated(testHouse(), path, { "GET /me": () => ({ ...aboutMe, role }), ...answers });
const arrived = async (): Promise<void> => {
  for (let i = 0; i < 3; i += 1) {
    await new Promise((resolve) => setTimeout(resolve));
    await drawn();
  }
};
const textIn = (label: string): string => {
  const found = screen.getByLabelText(label, { selector: "textarea" });
  return found instanceof HTMLTextAreaElement ? found.value : "";
};

test("a key is whole once, in a dialog that Esc does not close; stored, it is nowhere on the page", async () => {
  await runs("/workspace/keys", "owner", {
    "GET /admin/api-keys": () => ({ items: [keyOf("made")] }),
    "POST /admin/api-keys": () => keyOf("made", { key: SECRET }),
  });
  await arrived();
  fireEvent.click(screen.getByRole("button", { name: "Make a key" }));
  const name = within(screen.getByRole("dialog", { name: "Make a key" })).getByLabelText("Name");
  fireEvent.input(name, { target: { value: "shop" } });
  fireEvent.submit(name.closest("form") ?? document.body);
  await arrived();
  const dialog = screen.getByRole("alertdialog", { name: "key made: your new key" });
  expect(textIn("Key")).toBe(SECRET);
  expect(textIn("Command")).toBe(`curl -sS -H "x-api-key: ${SECRET}" -H "x-user-id: customer-42" "http://localhost/api/v1/me"`);
  if (!(dialog instanceof HTMLDialogElement)) throw new Error("it is no dialog");
  const escape = new KeyboardEvent("keydown", { key: "Escape", bubbles: true, cancelable: true });
  dialog.dispatchEvent(escape);
  expect(escape.defaultPrevented).toBe(true);
  dialog.close(); // as a browser may all the same
  await arrived();
  expect(dialog.open).toBe(true);
  fireEvent.click(within(dialog).getByRole("button", { name: "I have stored it" }));
  await arrived();
  expect(screen.queryByRole("alertdialog", { name: "key made: your new key" })).toBeNull();
  expect(document.body.innerHTML).not.toContain(SECRET);
});

test("an admin neither gives nor rotates a key that acts for people; the owner does both", async () => {
  const answers = { "GET /admin/api-keys": () => ({ items: [keyOf("a"), keyOf("b", { impersonate: true })] }) };
  const offered = () => screen.getAllByRole("button", { name: /^Rotate/u, hidden: false }).map((button) => button.getAttribute("aria-label"));
  await runs("/workspace/keys", "admin", answers);
  await arrived();
  expect(offered().filter(Boolean)).toEqual(["Rotate key a"]);
  expect(screen.queryByLabelText(/Also for people/u)).toBeNull();
  expect(screen.getAllByRole("button", { name: /^Revoke key/u })).toHaveLength(2);
  cleanup();
  await runs("/workspace/keys", "owner", answers);
  await arrived();
  expect(offered().filter(Boolean)).toEqual(["Rotate key a", "Rotate key b"]);
  expect(screen.getByLabelText(/Also for people/u)).toBeDefined();
});

test("a webhook with no event is refused at its events, and nothing is asked", async () => {
  const { api } = await runs("/workspace/webhooks", "owner", { "GET /webhooks": () => ({ items: [] }) });
  await arrived();
  expect(screen.getByText(/No webhook yet/u)).toBeDefined();
  fireEvent.click(screen.getByRole("button", { name: "Add a webhook" }));
  const address = screen.getByLabelText("Address");
  fireEvent.input(address, { target: { value: "https://shop.example.org/" } });
  const event = screen.getByLabelText(/^New message/u);
  fireEvent.click(event);
  fireEvent.submit(address.closest("form") ?? document.body);
  await arrived();
  expect(screen.getByText("Choose at least one.")).toBeDefined();
  expect(event.getAttribute("aria-invalid")).toBe("true");
  expect(document.activeElement).toBe(event);
  expect(api.asked.filter(({ call }) => call.startsWith("POST /webhooks"))).toEqual([]);
});

test("who goes from the list of webhooks to the log of one, and back, has the focus on the heading", async () => {
  const webhook = { id: "shop", url: "https://shop.example.org/", events: ["message.created"], include_private: false, description: "", failures: 0 };
  await runs("/workspace/webhooks", "owner", {
    "GET /webhooks/shop/deliveries": () => ({ items: [] }),
    "GET /webhooks?": () => ({ items: [{ ...webhook, created_at: TIME, updated_at: TIME }] }),
  });
  await arrived();
  for (const [name, then] of [
    ["Log of https://shop.example.org/", "All webhooks"],
    ["All webhooks", "Log of https://shop.example.org/"],
  ] as const) {
    const link = screen.getByRole("link", { name });
    link.focus();
    fireEvent.click(link);
    await arrived();
    expect(screen.getByRole("link", { name: then })).toBeDefined();
    expect(document.activeElement).toBe(screen.getByRole("heading", { name: "Webhooks" }));
  }
});

test("what is tried again or deleted says so on its row, and the focus stays there", async () => {
  const letter = {
    id: "a",
    courier: "webhook",
    target_id: "shop",
    event: "message.created",
    subject_id: "m",
    attempts: 2,
    created_at: TIME,
    due_at: TIME,
  };
  await runs("/workspace/undelivered", "owner", {
    "GET /admin/dead-letters": () => ({ items: [{ ...letter, last_error: "refused", last_status: 503 }] }),
    "GET /webhooks?": () => ({ items: [] }),
    "POST /admin/dead-letters/a/retry": () => undefined,
  });
  await arrived();
  const button = screen.getByRole("button", { name: "Try again: New message, it refused (503)" });
  button.focus();
  fireEvent.click(button);
  await arrived();
  const row = screen.getByRole("list", { name: "Undelivered" });
  expect(within(row).getByText("Trying…")).toBeDefined();
  expect(within(row).queryByRole("button")).toBeNull();
  expect(document.activeElement?.textContent).toBe("Trying…");
});

test("the bell counts what is not acknowledged; its panel lists it newest first, and opening it acknowledges each once", async () => {
  const said: string[] = [];
  const { link, app } = await seated(testHouse(), "/r/room", {
    "GET /notifications?state=delivered": () => ({
      items: [{ notification_id: "n0", topic: "old", payload: {}, state: "delivered", attempts: 1, created_at: "2026-01-01T00:00:00.000Z" }],
    }),
    "GET /notifications?state=pending": () => ({
      items: [
        {
          notification_id: "n1",
          topic: "build.done",
          payload: { title: "Done", body: "All green" },
          state: "pending",
          attempts: 1,
          created_at: TIME,
        },
      ],
    }),
    "GET /notifications?state=dead": () => ({ items: [] }),
    "PUT /notifications/": (path) => void said.push(path),
  });
  const told = {
    type: "notification",
    notification_id: "n1",
    topic: "build.done",
    payload: { title: "Done", body: "All green" },
    created_at: TIME,
  } as const;
  link.hear(told);
  link.hear(told); // it comes at least once
  await drawn();
  fireEvent.click(screen.getByRole("button", { name: "Notifications: 1 new" }));
  app.notifications.opened(true); // no engine here says that a dialog was opened
  await arrived();
  const rows = within(screen.getByRole("list", { name: "Notifications", hidden: true })).getAllByRole("listitem", { hidden: true });
  expect(rows.map((row) => row.querySelector(".desk__name")?.textContent)).toEqual(["Done", "old"]);
  expect(rows[0]?.textContent).toContain("All green");
  expect(said).toEqual(["/notifications/n1/ack"]);
  expect(screen.getByRole("button", { name: "Notifications", hidden: true })).toBeDefined();
  link.hear({ ...told, notification_id: "n2", created_at: "2026-01-03T00:00:00.000Z" });
  await arrived();
  expect(said).toEqual(["/notifications/n1/ack", "/notifications/n2/ack"]);
});

test("what is handled in another tab goes from the bell in this one", async () => {
  const { link } = await seated();
  link.hear({ type: "notification", notification_id: "n1", topic: "t", payload: {}, created_at: TIME });
  await drawn();
  expect(screen.getByRole("button", { name: "Notifications: 1 new" })).toBeDefined();
  link.hear({ type: "notification_ack", notification_id: "n1" });
  await drawn();
  expect(screen.getByRole("button", { name: "Notifications" })).toBeDefined();
});
