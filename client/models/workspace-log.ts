/**
 * The log of one webhook's deliveries, newest first, asked for again while somebody looks. What is shown changes in its place; what is new waits
 * until it is asked for, unless the reader stands where it comes: nothing that is read moves.
 */
import { action, signal } from "@preact/signals";
import type { List } from "../../server/protocol.ts";
import type { LoggedDelivery } from "../../server/protocol/deliveries.ts";
import type { Api } from "../api.ts";
import { createPages } from "./pages.ts";

type Page = List<LoggedDelivery>;
type Parts = {
  api: Pick<Api, "get">;
  later(ms: number, run: () => void): () => void;
  /** Whether the page is before somebody's eyes. */
  isVisible(): boolean;
};

export const LOOK_MS = 3_000;
const PAGE = 50;
const PAGE_MAX = 200;

/** The log of each webhook, made at the first need. */
export function createLogs(parts: Parts): (webhook_id: string) => Log {
  const made = new Map<string, Log>();
  return (webhook_id) => {
    const log = made.get(webhook_id) ?? createLog(parts, webhook_id);
    made.set(webhook_id, log);
    return log;
  };
}

export type Log = ReturnType<typeof createLog>;

export function createLog({ api, later, isVisible }: Parts, webhook_id: string) {
  const waiting = signal<readonly LoggedDelivery[]>([]);
  let readsTop = (): boolean => true;
  let missed = false; // more has come than one page holds: what waits does not reach down to what is shown

  const ask = (more: string): Promise<Page> => api.get<Page>(`/webhooks/${webhook_id}/deliveries?${more}`);
  const pages = createPages<LoggedDelivery, void>((_, cursor) => ask(`limit=${PAGE}${cursor === undefined ? "" : `&cursor=${cursor}`}`));

  const find = async (): Promise<void> => {
    began();
    await pages.find();
  };
  const began = action((): void => {
    waiting.value = [];
    missed = false;
  });
  const took = action(({ items, next_cursor }: Page): void => {
    const shown = pages.items.peek();
    if (shown === null) return;
    const before = new Map(shown.map((one) => [one.id, one]));
    for (const one of items) if (before.has(one.id) && JSON.stringify(before.get(one.id)) !== JSON.stringify(one)) pages.put(one);
    waiting.value = items.filter(({ id }) => !before.has(id) && id > (shown[0]?.id ?? ""));
    missed = next_cursor !== undefined && !items.some(({ id }) => before.has(id));
    if (waiting.value.length > 0 && readsTop()) void showNew();
  });
  const refresh = async (): Promise<void> => {
    const held = pages.items.peek()?.length ?? 0;
    took(await ask(`limit=${Math.min(PAGE_MAX, Math.max(PAGE, held))}`));
  };
  const showNew = action((): Promise<void> => {
    if (missed) return find();
    for (const one of waiting.value.toReversed()) pages.put(one);
    began();
    return Promise.resolve();
  });

  return {
    pages,
    /** What has come meanwhile, newest first. */
    waiting,
    find,
    refresh,
    showNew,
    /** Asks again every three seconds while somebody looks; a failure waits for the next time. `isAtTop`: whether what comes may be shown at once. Returns what ends it. */
    watch(isAtTop: () => boolean): () => void {
      readsTop = isAtTop;
      let cancel = (): void => {};
      const wait = (): void => {
        cancel = later(LOOK_MS, () => {
          wait();
          if (isVisible()) void refresh().catch(() => undefined);
        });
      };
      wait();
      return () => cancel();
    },
  };
}
