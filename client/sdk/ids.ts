/** Time-ordered client ids: new ones sort last, so that the server's index appends. Works on plain http, where `randomUUID` does not exist. */

/** 10 characters of time and 16 of chance, base32hex. Random per message: a counter would swallow another device's posts. */
export function newClientId(now: number): string {
  const random = crypto.getRandomValues(new Uint8Array(16));
  return now.toString(32).padStart(10, "0") + [...random].map((byte) => (byte & 31).toString(32)).join("");
}
