/**
 * Access tokens: JWT, HS256 and nothing else, signed and verified by @elysiajs/jwt alone. The plugin takes any HMAC algorithm of the same
 * secret unless told, so it is told. `kid` names the key: the first signs, all verify.
 */
import { jwt } from "@elysiajs/jwt";
import type { AccessClaims, MintedClaims, TokenSigner } from "../chat/chat.ts";
import { createRecent } from "../chat/recent.ts";
import type { SigningKey } from "../secrets.ts";

export type AccessTokens = TokenSigner & {
  /**
   * The claims of a token that is ours, in time and of this kind; null for every other text. Says nothing of whether its sign-in or key is alive, which is
   * asked with each request: so what has been verified once is remembered.
   */
  verify(token: string): Promise<Verified | null>;
  /** The same where it has been verified within the last minute, and has not expired since; null says nothing. */
  remembered(token: string): Verified | null;
};
/** `exp` in seconds since 1970. */
export type Verified = AccessClaims | (MintedClaims & { exp: number });

const [ISSUER, AUDIENCE] = ["snug", "snug"];
const TOKEN_CHARACTERS = 2_048; // ours have some 400; more is not read
const KNOWN_MAX = 4_000; // of 400 characters, and as much again for what they say
const KNOWN_MS = 60_000;
const LONGEST_SECONDS = 86_400; // none of ours lives longer, whatever its claims say

/** `now` gives milliseconds, and decides alone when a token has expired. */
export function createAccessTokens(keys: readonly SigningKey[], now: () => number = Date.now): AccessTokens {
  const byKid = new Map(keys.map(({ kid, key }) => [kid, plugin(kid, key)]));
  const [first] = byKid.values();
  if (!first) throw new Error("Access tokens need a key.");
  const known = createRecent<{ claims: Verified; until: number }>(KNOWN_MAX);
  const remembered = (token: string): Verified | null => {
    const before = known.get(token);
    return before && now() < before.until ? before.claims : null;
  };
  return {
    remembered,
    sign: (claims, ttl_seconds) => first.sign({ ...claims, exp: Math.floor(now() / 1_000) + ttl_seconds, iat: true }),
    async verify(token) {
      const before = remembered(token);
      if (before) return before;
      const signer = byKid.get(kidOf(token) ?? "");
      if (!signer) return null;
      const currentDate = new Date(now());
      const options = { algorithms: ["HS256"], issuer: ISSUER, audience: AUDIENCE, typ: "JWT", requiredClaims: ["exp", "iat", "sub"], currentDate };
      const payload = await signer.verify(token, options);
      if (payload === false || Number(payload.exp) > now() / 1_000 + LONGEST_SECONDS) return null;
      const claims = claimsOf(payload);
      const until = Math.min(Number(payload.exp) * 1_000, now() + KNOWN_MS);
      if (claims) known.set(token, { claims, until });
      return claims;
    },
  };
}

const plugin = (kid: string, key: Uint8Array) => jwt({ name: "access", secret: key, alg: "HS256", kid, iss: ISSUER, aud: AUDIENCE }).decorator.access;

/** Read before anything is verified: it only chooses which key must have signed. */
function kidOf(token: string): string | null {
  if (token.length > TOKEN_CHARACTERS || token.split(".").length !== 3) return null;
  try {
    const header: unknown = JSON.parse(Buffer.from(token.slice(0, token.indexOf(".")), "base64url").toString());
    return typeof header === "object" && header !== null && "kid" in header && typeof header.kid === "string" ? header.kid : null;
  } catch {
    return null;
  }
}

function claimsOf({ typ, tid, sub, sid, key_id, room_id, exp }: Record<string, unknown>): Verified | null {
  if (typeof tid !== "string" || typeof sub !== "string") return null;
  if (typ === "access") return typeof sid === "string" && key_id === undefined ? { typ, tid, sub, sid } : null;
  if (typ !== "minted" || typeof key_id !== "string" || sid !== undefined) return null;
  if (room_id === undefined) return { typ, tid, sub, key_id, exp: Number(exp) };
  return typeof room_id === "string" ? { typ, tid, sub, key_id, room_id, exp: Number(exp) } : null;
}
