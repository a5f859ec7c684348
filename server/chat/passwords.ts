/**
 * Passwords: argon2id (19 MiB, t=2, p=1). At most two are hashed at once, and always fewer than there are threads for such work, so that a burst of
 * sign-ins neither fills the memory nor starves the rest. The queue behind them is bounded, and its askers take turns: whoever asks for many delays
 * another by one of theirs, and takes nobody's place. bcrypt hashes from elsewhere are verified, never made.
 */
import { PASSWORD_BYTES } from "../protocol.ts";
import { commonPasswords } from "./common-passwords.ts" with { type: "macro" };
import { Refusal, refuse } from "./refusal.ts";

const argon = { algorithm: "argon2id", memoryCost: 19_456, timeCost: 2 } as const;
// Bun has a thread per core for this, two at least, and access tokens are verified on them too: hashes on all of them made every request wait.
const AT_ONCE = Math.max(1, Math.min(2, navigator.hardwareConcurrency - 1));
const QUEUE_MAX = 64; // at 61 ms each: who waits longer than 2 s, where one is hashed at a time 4 s, is better told to come back

const packed = commonPasswords();
let unpacked: string | null = null;
const common = (): string => (unpacked ??= new TextDecoder().decode(Bun.inflateSync(Buffer.from(packed, "base64"))));
/** Who asks, as the limits count them: an address, or a user. */
export type Asker = string;
type Turn = { begin(): void; sendAway(): void };
const lanes = new Map<Asker, Turn[]>(); // in the order of their turns; none is empty
let waiting = 0;
let running = 0;

/** Refuses `invalid` (field `password`): under 8 characters, over 128 bytes, or one of those that everybody tries first. */
export function checkPassword(password: string): void {
  if ([...password].length < 8 || Buffer.byteLength(password) > PASSWORD_BYTES || common().includes(`\n${password.toLowerCase()}\n`)) {
    refuse("invalid", { fields: ["password"] });
  }
}

/** The stored form. Refuses `unavailable` when too many wait. */
export const hashPassword = (password: string, asker: Asker): Promise<string> => inTurn(asker, () => Bun.password.hash(password, argon));

/** Whether it is the password of this hash; `stale` when the hash should be made anew (bcrypt). Over 128 bytes nothing is hashed. */
export async function verifyPassword(password: string, hash: string, asker: Asker): Promise<{ right: boolean; stale: boolean }> {
  if (Buffer.byteLength(password) > PASSWORD_BYTES) return { right: false, stale: false };
  const right = await inTurn(asker, () => Bun.password.verify(password, hash));
  return { right, stale: right && !hash.startsWith("$argon2id$") };
}

/** What is verified for a user who does not exist, so that the answer takes as long. The hash of a random text that nobody keeps. */
export const nobodysHash = "$argon2id$v=19$m=19456,t=2,p=1$OG6e0uX89SHF0uv3XlAPYqu/FUyHL81J2PZE40ahL7A$kKB6e8w4qPBqeYuwb+VVJLGbbS6CMVKc3m06vpDu70Y";

async function inTurn<R>(asker: Asker, work: () => Promise<R>): Promise<R> {
  if (running >= AT_ONCE) await turnOf(asker);
  else running += 1;
  try {
    return await work();
  } finally {
    const next = nextTurn();
    if (next) next.begin();
    else running -= 1;
  }
}

function turnOf(asker: Asker): Promise<void> {
  if (waiting >= QUEUE_MAX) makeRoomFor(asker);
  waiting += 1;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const turn = { begin: resolve, sendAway: () => reject(tooMany()) };
  const lane = lanes.get(asker);
  if (lane) lane.push(turn);
  else lanes.set(asker, [turn]);
  return promise;
}

/** Of whoever has most waiting the last is sent away; that is the asker, unless they have fewer. */
function makeRoomFor(asker: Asker): void {
  const longest = [...lanes.values()].reduce((most, lane) => (lane.length > most.length ? lane : most));
  if (longest.length <= (lanes.get(asker)?.length ?? 0) + 1) throw tooMany();
  waiting -= 1;
  longest.pop()?.sendAway(); // two at least
}

function nextTurn(): Turn | undefined {
  const [first] = lanes;
  if (!first) return undefined;
  const [asker, lane] = first;
  lanes.delete(asker);
  const turn = lane.shift();
  if (lane.length > 0) lanes.set(asker, lane); // behind the others
  waiting -= 1;
  return turn;
}

const tooMany = (): Refusal => new Refusal("unavailable", { retry_after_ms: 2_000 });
