import { expect, test } from "bun:test";
import { createRecent } from "./recent.ts";

test("where values are weighed, never more than the bound is held, and what was used last stays", () => {
  const recent = createRecent<{ bytes: number }>(1_000, ({ bytes }) => bytes);
  const keys = Array.from({ length: 100 }, (_, i) => `page ${i}`);
  recent.set("hot", { bytes: 50 });
  for (const key of keys) {
    recent.set(key, { bytes: 50 });
    expect(recent.use("hot")).toEqual({ bytes: 50 });
    const held = keys.filter((one) => recent.get(one) !== undefined);
    expect(held.length * 50).toBeLessThanOrEqual(1_000);
  }
  expect(recent.get("page 99")).toEqual({ bytes: 50 });
});
