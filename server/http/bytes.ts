/** Bytes as a request brings them: read as they come, never all of them into memory. */
import { refuse } from "../chat/refusal.ts";
import type { Peer } from "./door.ts";

/** Of silence, before a connection that brings or fetches a file is given up; everywhere else it is ten seconds. */
export const SLOW_SECONDS = 120;

/** Null where it comes in chunks. What is no number never came so far. */
export function lengthIn({ headers }: Request): number | null {
  const length = headers.get("content-length");
  return length !== null && /^\d{1,15}$/u.test(length) ? Number(length) : null;
}

/** As it comes; a line that breaks off is a request that could not be read. */
export async function* bytesOf(request: Request, server: Peer): AsyncGenerator<Uint8Array> {
  if (!request.body) return;
  try {
    server?.timeout(request, SLOW_SECONDS);
    for await (const chunk of request.body) {
      server?.timeout(request, SLOW_SECONDS); // what comes does not put it off by itself
      yield chunk;
    }
  } catch {
    refuse("bad_request");
  }
}
