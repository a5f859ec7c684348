/** What a refused call was told, for tests; what is no Refusal is thrown on. */
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

/** With the fields that were wrong: `invalid files`. */
export async function refusedWith(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return "not refused";
  } catch (fault) {
    if (fault instanceof Refusal) return [fault.reason, ...(fault.detail.fields ?? [])].join(" ");
    throw fault;
  }
}
