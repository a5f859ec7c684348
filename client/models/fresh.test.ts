import { expect, test } from "bun:test";
import { FreshModel } from "./fresh.ts";

test("a page is old when the server says another version than at first, and not when it says nothing", async () => {
  let version: string | null = "1";
  const fresh = new FreshModel({ version: async () => version });
  await fresh.look();
  version = null;
  await fresh.look();
  expect(fresh.is_old.value).toBe(false);
  version = "2";
  await fresh.look();
  expect(fresh.is_old.value).toBe(true);
  version = "1";
  await fresh.look();
  expect(fresh.is_old.value).toBe(false);
});
