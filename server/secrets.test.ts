import { afterEach, beforeEach, expect, test } from "bun:test";
import { readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CannotStart } from "./cannot-start.ts";
import { deriveKeys, readSecrets } from "./secrets.ts";
import { makeScratch } from "./testing/scratch.ts";

const [OLD, NEW] = ["an old secret that has 32 bytes or more", "a new secret that has 32 bytes or more"];
let data: string;
beforeEach(() => void (data = makeScratch("secrets")));
afterEach(() => rmSync(data, { recursive: true }));
const modeOf = (name: string): number => statSync(join(data, name)).mode & 0o777;

test("the first start makes a secret of 32 bytes that only its user may read, and the next one finds it", () => {
  const first = readSecrets(data, null);
  expect(readFileSync(join(data, "secret"), "utf8")).toMatch(/^[0-9a-f]{64}\n$/u);
  expect([modeOf("secret"), modeOf("operator.key")]).toEqual([0o600, 0o600]);
  expect(readSecrets(data, null)).toEqual(first);
});

test("another folder has other keys", () => {
  const first = readSecrets(data, null);
  rmSync(join(data, "secret"));
  expect(readSecrets(data, null).operator_key).not.toBe(first.operator_key);
});

test("a given secret goes before the file, and makes none", () => {
  expect(readSecrets(data, [OLD])).toEqual(deriveKeys([OLD]));
  expect(() => statSync(join(data, "secret"))).toThrow();
});

test("the operator key is written for those who may read the folder, also over a file that was open to all", () => {
  writeFileSync(join(data, "operator.key"), "another", { mode: 0o644 });
  const { operator_key } = readSecrets(data, null);
  expect(readFileSync(join(data, "operator.key"), "utf8")).toBe(`${operator_key}\n`);
  expect(modeOf("operator.key")).toBe(0o600);
});

test("a file whose secret is too short stops the start and is not repeated", () => {
  writeFileSync(join(data, "secret"), "hunter2\n");
  const reading = () => readSecrets(data, null);
  expect(reading).toThrow(CannotStart);
  expect(reading).not.toThrow("hunter2");
  writeFileSync(join(data, "secret"), `${OLD}\r\n`);
  expect(reading()).toEqual(deriveKeys([OLD]));
});

test("no two keys of a secret are alike", () => {
  const { setup_token, operator_key, refresh, signing, prints } = deriveKeys([OLD]);
  const all = [
    setup_token,
    operator_key,
    Buffer.from(refresh).toString("hex"),
    ...prints,
    ...signing.map(({ key }) => Buffer.from(key).toString("hex")),
  ];
  expect(new Set(all).size).toBe(5);
  for (const key of all) expect(key).toMatch(/^[0-9a-f]{64}$/u);
});

test("of several lines the first signs and derives, and all verify and are known", () => {
  const [before, both] = [deriveKeys([OLD]), deriveKeys([NEW, OLD])];
  expect(both.operator_key).toBe(deriveKeys([NEW]).operator_key);
  expect(both.signing[1]).toEqual(before.signing[0]);
  expect(both.signing[0]?.kid).not.toBe(both.signing[1]?.kid);
  expect(both.prints).toContain(before.prints[0] ?? "");
});
