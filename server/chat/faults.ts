/** A fault of the store that an asker may be told of in words: everything else is `internal` to them and a line in the log to us. */
import { storeFaultOf } from "../../db/faults.ts";
import { Refusal } from "./refusal.ts";

/** The refusal that this is, or stands for: a full disk, a database that is away. Null for a fault that must be logged. */
export function asRefusal(fault: unknown): Refusal | null {
  if (fault instanceof Refusal) return fault;
  const known = storeFaultOf(fault);
  if (known?.kind === "full") return new Refusal("storage_full", { retry_after_ms: 5_000 });
  if (known?.kind === "away") return new Refusal("unavailable", { retry_after_ms: 1_000 });
  return null;
}
