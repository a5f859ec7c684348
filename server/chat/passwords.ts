/**
 * Passwords: argon2id (19 MiB, t=2, p=1). At most two are hashed at once, and always fewer than there are threads for such work, so that a burst of
 * sign-ins neither fills the memory nor starves the rest; the queue behind them is bounded. bcrypt hashes from elsewhere are verified, never made.
 */
import { PASSWORD_BYTES } from "../protocol.ts";
import { commonPasswords } from "./common-passwords.ts" with { type: "macro" };
import { refuse } from "./refusal.ts";

const argon = { algorithm: "argon2id", memoryCost: 19_456, timeCost: 2 } as const;
// Bun has a thread per core for this, two at least, and access tokens are verified on them too: hashes on all of them made every request wait.
const AT_ONCE = Math.max(1, Math.min(2, navigator.hardwareConcurrency - 1));
const QUEUE_MAX = 64; // at 61 ms each: who waits longer than 2 s, where one is hashed at a time 4 s, is better told to come back

const packed = commonPasswords();
let unpacked: string | null = null;
const common = (): string => (unpacked ??= new TextDecoder().decode(Bun.inflateSync(Buffer.from(packed, "base64"))));
const waiting: (() => void)[] = [];
let running = 0;

/** Refuses `invalid` (field `password`): under 8 characters, over 128 bytes, or one of those that everybody tries first. */
export function checkPassword(password: string): void {
  if ([...password].length < 8 || Buffer.byteLength(password) > PASSWORD_BYTES || common().includes(`\n${password.toLowerCase()}\n`)) {
    refuse("invalid", { fields: ["password"] });
  }
}

/** The stored form. Refuses `unavailable` when too many wait. */
export const hashPassword = (password: string): Promise<string> => inTurn(() => Bun.password.hash(password, argon));

/** Whether it is the password of this hash; `stale` when the hash should be made anew (bcrypt). Over 128 bytes nothing is hashed. */
export async function verifyPassword(password: string, hash: string): Promise<{ right: boolean; stale: boolean }> {
  if (Buffer.byteLength(password) > PASSWORD_BYTES) return { right: false, stale: false };
  const right = await inTurn(() => Bun.password.verify(password, hash));
  return { right, stale: right && !hash.startsWith("$argon2id$") };
}

/** What is verified for a user who does not exist, so that the answer takes as long. The hash of a random text that nobody keeps. */
export const nobodysHash = "$argon2id$v=19$m=19456,t=2,p=1$OG6e0uX89SHF0uv3XlAPYqu/FUyHL81J2PZE40ahL7A$kKB6e8w4qPBqeYuwb+VVJLGbbS6CMVKc3m06vpDu70Y";

async function inTurn<R>(work: () => Promise<R>): Promise<R> {
  if (running >= AT_ONCE) {
    if (waiting.length >= QUEUE_MAX) refuse("unavailable", { retry_after_ms: 2_000 });
    await new Promise<void>((resolve) => waiting.push(resolve));
  } else running += 1;
  try {
    return await work();
  } finally {
    const next = waiting.shift();
    if (next) next();
    else running -= 1;
  }
}
