import { expect, test } from "bun:test";
import { addressesOf, loopbackOf } from "./addresses.ts";

test("who listens everywhere is reached by this machine's name first, then by each address of its network", () => {
  const [first, ...lan] = addressesOf("0.0.0.0", 3000);
  expect(first).toBe("http://localhost:3000");
  for (const address of lan) expect(address).toMatch(/^http:\/\/\d+\.\d+\.\d+\.\d+:3000$/u);
});

test("who listens on one address is reached there alone", () => {
  expect(addressesOf("10.1.2.3", 80)).toEqual(["http://10.1.2.3:80"]);
  expect(addressesOf("fd00::1", 80)).toEqual(["http://[fd00::1]:80"]);
});

test("a program on the same machine is told an address that works for it", () => {
  expect([loopbackOf("0.0.0.0", 1), loopbackOf("::", 2), loopbackOf("::1", 3), loopbackOf("10.1.2.3", 4)]).toEqual([
    "http://127.0.0.1:1",
    "http://127.0.0.1:2",
    "http://[::1]:3",
    "http://10.1.2.3:4",
  ]);
});
