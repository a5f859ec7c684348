/** What a refused call was told, for tests: the code and detail of a Refusal; anything else is thrown on. */
import { Refusal, type RefusalCode } from "../chat/refusal.ts";

export async function refusalOf(call: Promise<unknown>): Promise<RefusalCode | "not refused"> {
  try {
    await call;
    return "not refused";
  } catch (fault) {
    if (fault instanceof Refusal) return fault.reason;
    throw fault;
  }
}
