/**
 * The outbound client: the only place of the server that dials what somebody else has named. A name is resolved once, all its addresses are looked
 * at, and the very address that was looked at is dialled, so that a resolver that changes its answer changes nothing. Redirects are not followed,
 * answers are not unpacked, and of an answer no more is read than 16 KiB, in ten seconds for all of it. Nothing of it is kept but its status.
 */
import { isIP, isIPv6 } from "node:net";
import type { Failure } from "../chat/carried.ts";
import type { Network } from "../setting-values.ts";
import { mayDial } from "../networks.ts";

export type Outgoing = { url: string; headers: Readonly<Record<string, string>>; body: string };
export type Outcome = { status: number; headers: Headers } | { failed: Failure; status: number | null };
export type Outbound = {
  /** POSTs it, and never throws for what the other side does. `signal` ends it earlier. */
  post(outgoing: Outgoing, signal: AbortSignal): Promise<Outcome>;
};

/** All addresses of a name, as literals. */
export type Resolve = (name: string) => Promise<readonly string[]>;
/** Asks this very address; the url says what for, and whom its certificate has to name. */
export type Dial = (address: string, url: URL, request: RequestInit & { signal: AbortSignal }) => Promise<Response>;
export type OutboundParts = {
  allow: readonly Network[];
  resolve?: Resolve;
  dial?: Dial;
  timeout_ms?: number;
  /** Whose certificates are good, as PEM; otherwise the system's list. */
  ca?: string;
};

const TIMEOUT_MS = 10_000;
const READ_BYTES = 16 << 10;
const ADDRESSES_TRIED = 3;

export function createOutbound({ allow, resolve = resolveName, timeout_ms = TIMEOUT_MS, ca, dial = dialWith(ca) }: OutboundParts): Outbound {
  const allowed = mayDial(allow);

  const addressesOf = async (url: URL): Promise<readonly string[] | { failed: Failure; status: null }> => {
    const host = url.hostname.replace(/^\[|\]$/gu, "");
    const found = isIP(host) === 0 ? await resolve(host).catch(() => []) : [host];
    if (found.length === 0) return { failed: "unresolved", status: null };
    return found.every(allowed) ? found.slice(0, ADDRESSES_TRIED) : { failed: "private_address", status: null }; // one private among them is a trap
  };

  const ask = async (url: URL, { headers, body }: Outgoing, signal: AbortSignal): Promise<Outcome> => {
    const addresses = await addressesOf(url);
    if ("failed" in addresses) return addresses;
    let last: unknown = null;
    for (const address of addresses) {
      try {
        const answer = await dial(address, url, { method: "POST", headers, body, redirect: "manual", signal });
        await readSome(answer);
        return { status: answer.status, headers: answer.headers };
      } catch (fault) {
        last = fault;
        if (codeOf(fault) !== "ECONNREFUSED") break; // anything else may have been heard
      }
    }
    return { failed: failureOf(last), status: null };
  };

  return {
    async post(outgoing, given) {
      const url = URL.canParse(outgoing.url) ? new URL(outgoing.url) : null;
      if (!url || !isWeb(url)) return { failed: "unresolved", status: null };
      const signal = AbortSignal.any([given, AbortSignal.timeout(timeout_ms)]);
      const over = Promise.withResolvers<Outcome>();
      const late = (): void => over.resolve({ failed: "timeout", status: null });
      signal.addEventListener("abort", late);
      try {
        const outcome = signal.aborted
          ? { failed: "timeout" as const, status: null }
          : await Promise.race([ask(url, outgoing, signal), over.promise]);
        if ("failed" in outcome) return outcome;
        return outcome.status >= 300 && outcome.status < 400 ? { failed: "redirected", status: outcome.status } : outcome;
      } finally {
        signal.removeEventListener("abort", late);
      }
    },
  };
}

/** Whether it is an address of the web, without a name and password in it. */
export const isWeb = ({ protocol, username, password, hostname }: URL): boolean =>
  /^https?:$/u.test(protocol) && username === "" && password === "" && hostname !== "";

/** An answer counts when it is complete, or was too long for us; what it says does not. */
async function readSome(answer: Response): Promise<void> {
  const reader = answer.body?.getReader();
  if (!reader) return;
  let bytes = 0;
  for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
    bytes += chunk.value.byteLength;
    if (bytes > READ_BYTES) return void (await reader.cancel());
  }
}

/**
 * By Bun's own resolver, which waits on a socket. Never the system's: that waits on a thread of the few by which tokens are verified and passwords hashed,
 * so that some names whose name server is silent kept everybody from signing in.
 */
const resolveName: Resolve = async (name) => (await Bun.dns.lookup(name, { backend: "c-ares" })).map(({ address }) => address);

const dialWith =
  (ca: string | undefined): Dial =>
  async (address, url, request) => {
    process.env.NO_PROXY = process.env.no_proxy = "*"; // Bun would ask the proxy that the environment names, which would resolve the name again
    const pinned = new URL(url);
    pinned.hostname = isIPv6(address) ? `[${address}]` : address;
    if (isIP(pinned.hostname.replace(/^\[|\]$/gu, "")) === 0) throw new Error("The address cannot be dialled."); // the setter is silent, and the name would be resolved again
    const isName = isIP(url.hostname.replace(/^\[|\]$/gu, "")) === 0;
    return fetch(pinned, {
      ...request,
      headers: { ...request.headers, host: url.host },
      tls: { ...(isName && { serverName: url.hostname }), ...(ca !== undefined && { ca }) },
      decompress: false,
      keepalive: false, // a connection that is kept was opened under one name and would be used under another
    });
  };

const codeOf = (fault: unknown): string => (fault instanceof Error && "code" in fault ? String(fault.code) : "");

function failureOf(fault: unknown): Failure {
  const name = fault instanceof Error ? fault.name : "";
  if (name === "TimeoutError" || name === "AbortError") return "timeout";
  return /CERT|TLS|SSL|SIGNED|ISSUER|DEPTH|UNABLE_TO/u.test(codeOf(fault)) ? "untrusted" : "unreachable";
}
