import { expect, test } from "bun:test";
import type { ApiKey } from "../../server/protocol/api-keys.ts";
import { settled, testApi, testClock } from "../testing/outside.ts";
import { createKeys, curlOf } from "./workspace-keys.ts";

const TIME = "2026-01-02T00:00:00.000Z";
const SECRET = "snug_a1b2c3d4_0123456789-0123456789_0123456789-0123456789abc";
const keyOf = (id: string, more: Partial<ApiKey> = {}): ApiKey => ({
  ...{ id, name: `key ${id}`, prefix: `snug_${id}`, scope: "server", impersonate: false, created_at: TIME },
  ...more,
});

function keysOf(list: () => readonly ApiKey[]) {
  const clock = testClock();
  const api = testApi({
    "GET /admin/api-keys": () => ({ items: list() }),
    "POST /admin/api-keys/old/rotate": () => keyOf("new", { key: SECRET }),
    "POST /admin/api-keys": () => keyOf("made", { key: SECRET }),
    "DELETE /admin/api-keys/old": () => undefined,
  });
  const keys = createKeys(api, clock.now);
  return { keys, api, ids: () => keys.pages.items.value?.map(({ id }) => id) };
}

test("a whole key is held until somebody says that they have stored it, and stands in no list", async () => {
  const { keys, ids } = keysOf(() => [keyOf("made")]);
  await keys.make({ name: "shop", scope: "server" });
  await settled();
  expect(keys.shown.value).toMatchObject({ id: "made", key: SECRET });
  expect(ids()).toEqual(["made"]);
  expect(JSON.stringify(keys.pages.items.value)).not.toContain(SECRET);
  keys.stored();
  expect(keys.shown.value).toBeNull();
});

test("a rotation tells until when the old key holds: never longer than it would have", async () => {
  const old = keyOf("old", { expires_at: "2026-01-02T00:30:00.000Z" });
  const { keys, api } = keysOf(() => [old]);
  await keys.rotate(old, 86_400);
  expect(api.asked[0]).toEqual({ call: "POST /admin/api-keys/old/rotate", body: { old_holds_seconds: 86_400 } });
  expect(keys.shown.value?.old_until).toBe("2026-01-02T00:30:00.000Z");
  await keys.rotate(keyOf("old"), 60);
  expect(keys.shown.value?.old_until).toBe("2026-01-02T00:01:00.000Z");
  await keys.rotate(keyOf("old"), 0);
  expect(keys.shown.value?.old_until).toBeNull();
});

test("keys that have ended are shown only to who asks for all", async () => {
  const { keys, ids } = keysOf(() => [keyOf("a"), keyOf("b", { revoked_at: TIME }), keyOf("c", { expires_at: TIME })]);
  await keys.find("in_use");
  expect(ids()).toEqual(["a"]);
  await keys.find("all");
  expect(ids()).toEqual(["a", "b", "c"]);
  await keys.revoke(keyOf("old"));
  expect(ids()).toEqual(["a", "b", "c"]);
});

test("the command names a user where the key needs one, and holds nothing that a shell would read otherwise", () => {
  const shown = { key: SECRET, scope: "server" } as const;
  expect(curlOf("https://chat.example.org", shown, "customer-42")).toBe(
    `curl -sS -H "x-api-key: ${SECRET}" -H "x-user-id: customer-42" "https://chat.example.org/api/v1/me"`,
  );
  expect(curlOf("https://chat.example.org", { ...shown, scope: "admin" }, "customer-42")).toBe(
    `curl -sS -H "x-api-key: ${SECRET}" "https://chat.example.org/api/v1/webhooks"`,
  );
  for (const hostile of ['"; rm -rf / #', "$(id)", "`id`", "a b", "%PATH%", "!!", ""])
    expect(curlOf("https://x", shown, hostile)).not.toContain("x-user-id");
});
