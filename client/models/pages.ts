/** A long list, page by page, of what answers a question. */
import { action, signal } from "@preact/signals";
import type { List } from "../../server/protocol.ts";
import { ApiError } from "../lib/api-error.ts";

export type Pages<Item extends { id: string }, Query> = ReturnType<typeof createPages<Item, Query>>;

/** `load` asks for the page after `cursor`, or for the first one. */
export function createPages<Item extends { id: string }, Query>(load: (query: Query, cursor: string | undefined) => Promise<List<Item>>) {
  const items = signal<readonly Item[] | null>(null);
  const next = signal<string | undefined>(undefined);
  const trouble = signal<ApiError | null>(null);
  const isBusy = signal(false);
  let turn = 0; // an answer that comes after a newer question is dropped
  let query: Query | null = null;

  const begin = action((): void => {
    trouble.value = null;
    isBusy.value = true;
  });
  const took = action((asked: number, page: List<Item>, before: readonly Item[]): void => {
    if (asked !== turn) return;
    items.value = [...before, ...page.items];
    next.value = page.next_cursor;
    isBusy.value = false;
  });
  const lost = action((asked: number, fault: unknown): void => {
    if (asked !== turn) return;
    isBusy.value = false;
    if (!(fault instanceof ApiError)) throw fault;
    trouble.value = fault;
  });
  const ask = async (wanted: Query, cursor: string | undefined, before: readonly Item[]): Promise<void> => {
    const asked = (turn += 1);
    begin();
    await load(wanted, cursor).then(
      (page) => took(asked, page, before),
      (fault: unknown) => lost(asked, fault),
    );
  };

  return {
    /** Null before the first answer. */
    items,
    /** Whether there are more behind those that are held. */
    next,
    /** Why the last question has no answer. */
    trouble,
    isBusy,
    /** The first page of what answers. What is shown stays until it is here. */
    async find(wanted: Query): Promise<void> {
      query = wanted;
      await ask(wanted, undefined, []);
    },
    async more(): Promise<void> {
      const cursor = next.peek();
      if (query !== null && cursor !== undefined && !isBusy.peek()) await ask(query, cursor, items.peek() ?? []);
    },
    /** Asks again for what had no answer. */
    async again(): Promise<void> {
      if (query === null) return;
      const held = items.peek() ?? [];
      await (held.length > 0 && next.peek() !== undefined ? ask(query, next.peek(), held) : ask(query, undefined, []));
    },
    /** As it is now: in its place, or at the top where it is new. */
    put: action((item: Item): void => {
      const held = items.value ?? [];
      const isHeld = held.some(({ id }) => id === item.id);
      items.value = isHeld ? held.map((one) => (one.id === item.id ? item : one)) : [item, ...held];
    }),
    drop: action((id: string): void => {
      items.value = items.value?.filter((one) => one.id !== id) ?? null;
    }),
  };
}
