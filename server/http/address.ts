/** Addresses of askers, as the limits count them. */
import { isIP, isIPv4 } from "node:net";
import { isGlobal } from "../networks.ts";

/** A limiter's key for an address: IPv6 by its /64, because a household has that many. */
export function addressKey(address: string): string {
  if (!address.includes(":")) return address;
  const [head = "", tail = ""] = address.split("::");
  const left = head === "" ? [] : head.split(":");
  const right = tail === "" ? [] : tail.split(":");
  const zeros = address.includes("::") ? Array<string>(Math.max(0, 8 - left.length - right.length)).fill("0") : [];
  return [...left, ...zeros, ...right]
    .slice(0, 4)
    .map((group) => group.toLowerCase().replace(/^0+(?=.)/u, ""))
    .join(":");
}

/**
 * Who sent it: the right-most hop of X-Forwarded-For that is not a trusted proxy's; without trusted proxies, the peer. What stands there and is
 * no address counts as the proxy's own: nobody chooses a key by writing nonsense.
 */
export function addressOf(peer: string, forwarded: string | null, trusted: readonly string[]): string {
  const near = plain(peer);
  const known = new Set(trusted.map(plain));
  if (!known.has(near)) return near;
  const hops = (forwarded ?? "")
    .split(",")
    .map(plain)
    .filter((hop) => hop !== "");
  const far = hops.findLast((hop) => !known.has(hop));
  return far !== undefined && isIP(far) !== 0 ? far : near;
}

/** Whether the peer is this machine itself. */
export const isLoopback = (address: string): boolean => plain(address) === "::1" || plain(address).startsWith("127.");

/** Whether the peer is this machine or one of a network that is not the internet, as a proxy before us is. */
export const isNear = (address: string): boolean => !isGlobal(plain(address));

/** One spelling per address: no port, no brackets, no zone, IPv4 taken out of IPv6. */
function plain(text: string): string {
  const bare = text.trim().toLowerCase();
  const inner = /^\[([^\]]*)\](?::\d+)?$/u.exec(bare)?.[1] ?? /^([\d.]+):\d+$/u.exec(bare)?.[1] ?? bare;
  const mapped = inner.startsWith("::ffff:") ? inner.slice(7) : "";
  return isIPv4(mapped) ? mapped : inner.replace(/%.*$/u, "");
}
