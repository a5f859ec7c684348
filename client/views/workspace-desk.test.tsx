import { afterEach, expect, test } from "bun:test";
import { cleanup, fireEvent, screen, within } from "@testing-library/preact";
import type { Erasure } from "../../server/protocol/people.ts";
import { ApiError } from "../lib/api-error.ts";
import { createWorkspaceMembers } from "../models/workspace-members.ts";
import { changeOf, numberAt } from "../models/workspace-settings.ts";
import { createOwn } from "../models/own.ts";
import { testHouse } from "../testing/house.ts";
import { testApi } from "../testing/outside.ts";
import { drawn, seated } from "../testing/page.tsx";
import { aboutMe } from "../testing/sitting.ts";

await import("./workspace.tsx"); // fetched late; here it is at hand
afterEach(cleanup);

const person = (id: string, more: object = {}) => ({
  id,
  username: id,
  display_name: id,
  role: "member" as const,
  kind: "person" as const,
  created_at: "2026-01-02T00:00:00.000Z",
  presence: "offline" as const,
  ...more,
});
const config = {
  name: "Pier",
  accent: null,
  logo_id: null,
  registration: "invite" as const,
  directory: true,
  receipts: false,
  retention_days: null,
  allowed_origins: [],
  limits: { content_points: 4_000, content_bytes: 9_000, meta_bytes: 16_384, file_bytes: 100 },
  requests_per_second: 20,
  sends_per_second: 10,
  webhook_attempts: null,
  webhook_first_retry_ms: null,
  webhook_longest_retry_ms: null,
  ranges: {
    retention_days: { least: 1, most: 36_500, usual: null },
    "limits.content_points": { least: 1, most: 4_000, usual: 4_000 },
    "limits.content_bytes": { least: 1, most: 16_384, usual: 16_384 },
    "limits.meta_bytes": { least: 2, most: 16_384, usual: 16_384 },
    "limits.file_bytes": { least: 1, most: 100, usual: 100 },
    requests_per_second: { least: 1, most: 20, usual: 20 },
    sends_per_second: { least: 1, most: 10, usual: 10 },
    webhook_attempts: { least: 1, most: 100, usual: 20 },
    webhook_first_retry_ms: { least: 100, most: 3_600_000, usual: 5_000 },
    webhook_longest_retry_ms: { least: 1_000, most: 604_800_000, usual: 21_600_000 },
  },
};

const runs = (path: string, role: "owner" | "admin", answers: Parameters<typeof seated>[2] = {}) =>
  seated(testHouse(), path, { "GET /me": () => ({ ...aboutMe, role }), ...answers });
const arrived = async (): Promise<void> => {
  for (let i = 0; i < 3; i += 1) {
    await new Promise((resolve) => setTimeout(resolve));
    await drawn();
  }
};

test("what an admin may do to a member is offered, and nothing to oneself, to an owner or to who is gone", async () => {
  const items = [
    person("me", { role: "admin" }),
    person("ann", { role: "owner" }),
    person("bob"),
    person("cy", { disabled_at: "2026-01-02T00:00:00.000Z", disabled_why: "banned" }),
    person("dora", { disabled_at: "2026-01-02T00:00:00.000Z", disabled_why: "erased" }),
  ];
  await runs("/workspace/members", "admin", { "GET /admin/users": () => ({ items }) });
  await arrived();
  const deeds = (name: string): string[] =>
    [...(document.getElementById(`member-${name}`)?.querySelectorAll("[role=menuitem]") ?? [])].map(({ textContent }) => textContent);
  expect(deeds("me")).toEqual([]);
  expect(deeds("ann")).toEqual([]);
  expect(deeds("bob")).toEqual(["Make admin", "Deactivate…", "Ban…", "Erase personal data…"]);
  expect(deeds("cy")).toEqual(["Let in again", "Erase personal data…"]);
  expect(deeds("dora")).toEqual(["Remove their messages"]);
});

test("an owner is offered to hand the workspace over; and to what is typed an older answer comes too late", async () => {
  const late = Promise.withResolvers<object>();
  await runs("/workspace/members", "owner", {
    "GET /admin/users": (path) =>
      path.includes("q=b") ? (path.includes("q=bo") ? { items: [person("bob")] } : late.promise) : { items: [person("ann")] },
  });
  await arrived();
  expect(screen.getByText("Hand over ownership…")).toBeDefined();
  const field = screen.getByRole("searchbox", { name: "Find a member" });
  for (const value of ["b", "bo"]) fireEvent.input(field, { target: { value } });
  await arrived();
  late.resolve({ items: [person("bertha")] });
  await arrived();
  const rows = within(screen.getByRole("list", { name: "Members" })).getAllByRole("listitem");
  expect(rows.map(({ textContent }) => textContent.includes("@bob"))).toEqual([true]);
});

test("erasing goes on until nothing of theirs is left; where the line breaks, the same deed goes on from there", async () => {
  let left = 3;
  let isDown = false;
  const answer = (): Erasure => {
    if (isDown) throw new ApiError({ code: "offline", retry: true });
    left -= 1;
    isDown = left === 1;
    return { user: person("bob"), messages_left: left > 0 };
  };
  const members = createWorkspaceMembers(testApi({ "POST /admin/users/bob/erasure": answer }));
  expect(members.erase("bob", "remove")).rejects.toThrow();
  await arrived();
  expect([left, members.isErasing.value]).toEqual([1, false]);
  isDown = false;
  await members.erase("bob", "remove");
  expect([left, members.isErasing.value]).toEqual([0, false]);
});

test("a number out of its range is refused before anything is asked, what is usual is no number, and nothing gives it back", () => {
  expect(numberAt(config, "limits.content_points").value).toBeNull();
  expect(numberAt(config, "limits.content_bytes").value).toBe(9_000);
  const typed = (text: string) =>
    changeOf(config, ["limits.content_points", "sends_per_second"], { "limits.content_points": text, sends_per_second: "" });
  expect(typed(" 2 000 ")).toEqual({ limits: { content_points: 2_000 }, sends_per_second: null });
  for (const wrong of ["4001", "0", "-1", "1.5", "many", "1e9"]) expect(() => typed(wrong)).toThrow();
});

test("what was typed stays beside what the server says of it, and the other settings stand", async () => {
  const { api } = await runs("/workspace/settings", "owner", {
    "GET /admin/config": () => config,
    "PATCH /admin/config": () => {
      throw new ApiError({ code: "invalid", retry: false, fields: ["allowed_origins.1"] });
    },
  });
  await arrived();
  const field = screen.getByRole("textbox", { name: /Addresses that may call/u });
  if (!(field instanceof HTMLTextAreaElement)) throw new Error("no field");
  field.value = "https://a.example\nhttps://b.example/path";
  fireEvent.submit(field.form ?? field);
  await arrived();
  expect(api.asked.at(-1)?.body).toEqual({ allowed_origins: ["https://a.example", "https://b.example/path"] });
  expect([field.value, field.getAttribute("aria-invalid"), document.activeElement]).toEqual([
    "https://a.example\nhttps://b.example/path",
    "true",
    field,
  ]);
  expect(screen.getByText(/One of these is no address/u)).toBeDefined();
});

test("an export that broke off is none", async () => {
  const whole = createOwn(testApi({ "GET /me/export": () => new Blob(['{"type":"profile"}\n{"type":"end","rooms":0}\n']) }));
  expect(await whole.take()).not.toBeNull();
  const broken = createOwn(testApi({ "GET /me/export": () => new Blob(['{"type":"profile"}\n{"type":"mess']) }));
  expect([await broken.take(), broken.isBusy.value]).toEqual([null, false]);
});
