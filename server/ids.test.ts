import { expect, test } from "bun:test";
import { newId, newSecret } from "./ids.ts";

test("an id is a UUIDv7 of now as 26 characters of lower-case base32hex", () => {
  const before = Date.now();
  const id = newId();
  expect(id).toMatch(/^[0-9a-v]{26}$/u);
  const bits = [...id].reduce((sum, digit) => (sum << 5n) | BigInt(parseInt(digit, 32)), 0n);
  expect(Number(bits >> 80n)).toBeWithin(before, Date.now() + 1);
  expect((bits >> 76n) & 15n).toBe(7n);
});

test("later ids sort later, as text", () => {
  const ids = Array.from({ length: 10_000 }, newId);
  expect(ids.toSorted()).toEqual(ids);
  expect(new Set(ids).size).toBe(ids.length);
});

test("a secret is 32 bytes as base64url, and never the same twice", () => {
  const secrets = Array.from({ length: 1_000 }, newSecret);
  for (const secret of secrets) expect(secret).toMatch(/^[\w-]{43}$/u);
  expect(new Set(secrets).size).toBe(secrets.length);
});
