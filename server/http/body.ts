/** The body of a request, bounded before it is parsed; the same bounds hold for frames. */
import { type Bounds, checkText, checkTexts } from "../chat/bounds.ts";
import { refuse } from "../chat/refusal.ts";

/** Undefined when there is none. Refuses `too_large` (64 KiB unless set otherwise) and `bad_request` (too deep, too many keys, not UTF-8, not JSON, cut off) and `invalid` (NUL, half a character). */
export async function readBody(request: Request, bounds: Bounds): Promise<unknown> {
  if (Number(request.headers.get("content-length") ?? 0) > bounds.bytes) refuse("too_large");
  const text = await textOf(request);
  if (text === "") return undefined;
  checkText(text, bounds);
  const body = parsed(text);
  checkTexts(body, text);
  return body;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return refuse("bad_request");
  }
}

/** Bytes that are no UTF-8 are refused rather than replaced: what is stored is what was sent. */
async function textOf(request: Request): Promise<string> {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(await request.arrayBuffer());
  } catch {
    return refuse("bad_request");
  }
}
