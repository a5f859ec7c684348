/** Which addresses are the internet's: everything that the registries of special purposes name is not, nor what hides one of those. */
import { BlockList, isIP, isIPv4 } from "node:net";
import type { Network } from "./setting-values.ts";

const SPECIAL_IPV4 = [
  "0.0.0.0/8", // this host
  "10.0.0.0/8",
  "100.64.0.0/10", // behind a provider's translation; a cloud's metadata too
  "127.0.0.0/8",
  "168.63.129.16/32", // a cloud's own, on every machine of it
  "169.254.0.0/16", // link-local; clouds' metadata
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.88.99.0/24", // relays to IPv6
  "192.168.0.0/16",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "224.0.0.0/4",
  "240.0.0.0/4",
];
/** Within 2000::/3, outside of which nothing is the internet's: not IPv4 in IPv6 (::ffff:0:0/96, 64:ff9b::/96), not fc00::/7, not fe80::/10. */
const SPECIAL_IPV6 = [
  "2001::/23", // Teredo, which hides an IPv4 address, and other protocols
  "2001:db8::/32",
  "2002::/16", // 6to4, which hides one too
  "3fff::/20",
];

const special = blockList([...SPECIAL_IPV4, ...SPECIAL_IPV6].map(networkOf));
const global = blockList([networkOf("2000::/3")]);

/** Whether an address may be dialled: it is the internet's, or the operator has allowed it. `address` is a literal, as a resolver gives it. */
export function mayDial(allow: readonly Network[]): (address: string) => boolean {
  const allowed = blockList(allow);
  return (address) => {
    const bare = address.replace(/%.*$/u, "");
    return isIP(bare) !== 0 && (allowed.check(bare, familyOf(bare)) || isGlobal(bare));
  };
}

/** Whether an address, without a zone, is the internet's. */
export function isGlobal(address: string): boolean {
  const family = familyOf(address);
  return (family === "ipv4" || global.check(address, family)) && !special.check(address, family);
}

const familyOf = (address: string): "ipv4" | "ipv6" => (isIPv4(address) ? "ipv4" : "ipv6");

function blockList(networks: readonly Network[]): BlockList {
  const list = new BlockList();
  for (const { address, prefix, family } of networks) list.addSubnet(address, prefix, family);
  return list;
}

function networkOf(text: string): Network {
  const [address = "", prefix = ""] = text.split("/");
  return { address, prefix: Number(prefix), family: isIPv4(address) ? "ipv4" : "ipv6" };
}
