/** At which addresses a server is reached. */
import { networkInterfaces } from "node:os";

/** Those of this machine and of its network, the nearest first. */
export function addressesOf(host: string, port: number): string[] {
  if (!isEverywhere(host)) return [`http://${bracketed(host)}:${port}`];
  const found = Object.values(networkInterfaces()).flatMap((all) => all ?? []);
  const lan = found.filter(({ internal, family }) => !internal && family === "IPv4").map(({ address }) => address);
  return ["localhost", ...lan].map((address) => `http://${address}:${port}`);
}

/** The one at which a program on this machine reaches it. */
export const loopbackOf = (host: string, port: number): string => `http://${isEverywhere(host) ? "127.0.0.1" : bracketed(host)}:${port}`;

const isEverywhere = (host: string): boolean => host === "0.0.0.0" || host === "::";
const bracketed = (host: string): string => (host.includes(":") ? `[${host}]` : host);
