/** Ids and secrets: where chance enters the server. */

const DIGITS = "0123456789abcdefghijklmnopqrstuv";
const CODES = Uint8Array.from(DIGITS, (digit) => digit.charCodeAt(0));
const made = Buffer.alloc(26); // a text put together of pieces would be put together again by each who reads it

/** A UUIDv7 as 26 characters of lower-case base32hex: sorts by time, costs a third less than the usual form. */
export function newId(): string {
  let bits = 2; // two zeros stand before its 128, which makes twenty-six digits
  let rest = 0;
  let at = 0;
  const bytes = Bun.randomUUIDv7("buffer");
  for (let i = 0; i < 16; i += 1) {
    rest = (rest << 8) | (bytes[i] ?? 0);
    for (bits += 8; bits >= 5; at += 1) {
      bits -= 5;
      made[at] = CODES[rest >> bits] ?? 0;
      rest &= (1 << bits) - 1;
    }
  }
  return made.toString("latin1");
}

/** 32 random bytes as base64url. */
export const newSecret = (): string => Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString("base64url");
