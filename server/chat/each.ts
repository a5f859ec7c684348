/** Loops over many things of many tenants: one that fails is one in the log, never the end of those behind it. */
import { storeFaultOf } from "../../db/faults.ts";
import type { Chat } from "./chat.ts";

/** Does `work` for each, one after the other. What it throws is counted and logged as `name` with what `placeOf` says of the item; a store that is away ends all, since nothing would do. */
export async function forEachOf<T>(
  chat: Chat,
  name: string,
  items: Iterable<T>,
  placeOf: (item: T) => Record<string, string>,
  work: (item: T) => Promise<void> | void,
): Promise<void> {
  for (const item of items) {
    try {
      await work(item);
    } catch (fault) {
      if (storeFaultOf(fault)?.kind === "away") throw fault;
      chat.metrics.count("snug_faults_total");
      chat.log.error(name, fault, placeOf(item));
    }
  }
}
