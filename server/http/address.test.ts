import { describe, expect, test } from "bun:test";
import { addressKey, addressOf, isLoopback, isNear } from "./address.ts";

describe("who sent it", () => {
  const proxies = ["10.0.0.1", "fd00::1"];
  const table: [peer: string, forwarded: string | null, trusted: string[], sender: string][] = [
    ["203.0.113.7", null, [], "203.0.113.7"],
    ["203.0.113.7", "198.51.100.1", [], "203.0.113.7"],
    ["203.0.113.7", "198.51.100.1", proxies, "203.0.113.7"],
    ["10.0.0.1", null, proxies, "10.0.0.1"],
    ["10.0.0.1", "", proxies, "10.0.0.1"],
    ["10.0.0.1", "198.51.100.1", proxies, "198.51.100.1"],
    ["10.0.0.1", "1.1.1.1, 198.51.100.1", proxies, "198.51.100.1"],
    ["10.0.0.1", "198.51.100.1, fd00::1", proxies, "198.51.100.1"],
    ["10.0.0.1", "10.0.0.1, fd00::1", proxies, "10.0.0.1"],
    ["::ffff:10.0.0.1", "198.51.100.1", proxies, "198.51.100.1"],
    ["FD00::1", "198.51.100.1:4711", proxies, "198.51.100.1"],
    ["fd00::1", "[2001:db8::7]:4711", proxies, "2001:db8::7"],
    ["10.0.0.1", "198.51.100.1, unknown", proxies, "10.0.0.1"],
    ["10.0.0.1", "198.51.100.1, <script>", proxies, "10.0.0.1"],
    ["10.0.0.1", "x".repeat(16_000), proxies, "10.0.0.1"],
    ["fe80::1%eth0", null, [], "fe80::1"],
  ];
  for (const [peer, forwarded, trusted, sender] of table) {
    test(`${peer} with ${String(forwarded).slice(0, 40)} behind ${trusted.length} proxies is ${sender}`, () =>
      expect(addressOf(peer, forwarded, trusted)).toBe(sender));
  }
});

test("an IPv6 address counts by its /64, an IPv4 address by itself", () => {
  expect(addressKey("2001:db8:1:2:3:4:5:6")).toBe(addressKey("2001:db8:1:2::99"));
  expect(addressKey("2001:0DB8:1:2:3:4:5:6")).toBe(addressKey("2001:db8:1:2::99"));
  expect(addressKey("2001:db8:1:3::")).not.toBe(addressKey("2001:db8:1:2::"));
  expect(addressKey("::1")).toBe("0:0:0:0");
  expect(addressKey("203.0.113.7")).not.toBe(addressKey("203.0.113.8"));
});

test("this machine is itself by each of its names", () => {
  expect(["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"].map(isLoopback)).toEqual([true, true, true, true]);
  expect(["128.0.0.1", "::2", "10.0.0.1", "1.127.0.0"].map(isLoopback)).toEqual([false, false, false, false]);
});

test("a proxy before us is on this machine or in a network that is not the internet", () => {
  for (const near of ["127.0.0.1", "::1", "10.1.2.3", "172.31.0.1", "::ffff:192.168.0.9", "100.64.0.1", "169.254.3.4", "fd00::1", "fe80::1%eth0"])
    expect([near, isNear(near)]).toEqual([near, true]);
  for (const far of ["8.8.8.8", "172.32.0.1", "::ffff:8.8.8.8", "2606:4700::1111"]) expect([far, isNear(far)]).toEqual([far, false]);
});
