/** Addresses of askers, as the limits count them. */

/** A limiter's key for an address: IPv6 by its /64, because a household has that many. */
export function addressKey(address: string): string {
  const plain = address.startsWith("::ffff:") ? address.slice(7) : address;
  if (!plain.includes(":")) return plain;
  const [head = "", tail = ""] = plain.split("::");
  const left = head === "" ? [] : head.split(":");
  const right = tail === "" ? [] : tail.split(":");
  const groups = plain.includes("::") ? [...left, ...Array<string>(Math.max(0, 8 - left.length - right.length)).fill("0"), ...right] : left;
  return groups.slice(0, 4).map((group) => group.replace(/^0+(?=.)/u, "")).join(":");
}

/** Who sent it: the right-most address that is not a trusted proxy's; without trusted proxies, the peer. */
export function addressOf(peer: string, forwarded: string | null, trusted: readonly string[]): string {
  if (!trusted.includes(peer)) return peer;
  const hops = (forwarded ?? "").split(",").map((hop) => hop.trim()).filter((hop) => hop !== "");
  return hops.findLast((hop) => !trusted.includes(hop)) ?? peer;
}
