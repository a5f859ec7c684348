/** The body of a request, bounded before it is parsed; the same bounds hold for frames. */
import { type Bounds, checkText, checkTexts } from "../chat/bounds.ts";
import { Refusal, refuse } from "../chat/refusal.ts";

/** Undefined when there is none. Refuses `too_large` (64 KiB unless set otherwise) and `bad_request` (too deep, too many keys, not UTF-8, not JSON, cut off) and `invalid` (NUL, half a character). */
export async function readBody(request: Request, bounds: Bounds): Promise<unknown> {
  if (Number(request.headers.get("content-length") ?? 0) > bounds.bytes) refuse("too_large");
  const text = textOf(await read(request, bounds.bytes).catch(refuseBroken));
  if (text === "") return undefined;
  checkText(text, bounds);
  const body = parsed(text);
  checkTexts(body, text);
  return body;
}

function refuseBroken(fault: unknown): never {
  if (fault instanceof Refusal) throw fault;
  return refuse("bad_request");
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return refuse("bad_request");
  }
}

/** Bytes that are no UTF-8 are refused rather than replaced: what is stored is what was sent. */
function textOf(chunks: readonly Uint8Array[]): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(chunks));
  } catch {
    return refuse("bad_request");
  }
}

/** The server takes bodies as large as files, and a length need not be told: what is too much is told while it comes. */
async function read(request: Request, most: number): Promise<Uint8Array[]> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of request.body ?? []) {
    bytes += chunk.length;
    if (bytes > most) refuse("too_large");
    chunks.push(chunk);
  }
  return chunks;
}
