/**
 * What was given up. What becomes of one that is tried again is looked up where it went, and stays on its row: a list from which rows vanish
 * answers nothing.
 */
import { action, computed, signal } from "@preact/signals";
import type { List } from "../../server/protocol.ts";
import type { DeadLetter, LoggedDelivery } from "../../server/protocol/deliveries.ts";
import type { Api } from "../api.ts";
import { ApiError } from "../lib/api-error.ts";
import { createPages } from "./pages.ts";
import { deliveriesFrom } from "./workspace-webhooks.ts";

/** `again`: it failed once more, and is tried on. `sent`: a notification, which its person acknowledges or not. `removed`: its webhook is. */
export type Outcome =
  | { readonly state: "trying" | "sent" | "discarded" | "removed" }
  | { readonly state: "delivered" | "again" | "dead"; readonly delivery: LoggedDelivery };
type Found = readonly [id: string, outcome: Outcome];

export const FIRST = 200;
export const MOST = 1_000;
const LOOK_MS = 1_000;
const LOOKS = 60;
const LOOKED_AT = 200; // by one request

export function createUndelivered(api: Pick<Api, "get" | "post" | "delete">, later: (ms: number, run: () => void) => () => void) {
  const outcomes = signal<ReadonlyMap<string, Outcome>>(new Map());
  let limit = FIRST;
  let isWatched = true;
  let cancel = (): void => {};

  const pages = createPages<DeadLetter, number>((most) => api.get<List<DeadLetter>>(`/admin/dead-letters?limit=${most}`));
  const letters = (): readonly DeadLetter[] => pages.items.peek() ?? [];
  const began = action((): void => {
    outcomes.value = new Map();
  });
  const find = async (): Promise<void> => {
    isWatched = true;
    cancel();
    began();
    await pages.find(limit);
  };
  const became = action((found: readonly Found[]): void => {
    outcomes.value = new Map([...outcomes.value, ...found]);
    for (const letter of letters()) {
      const outcome = outcomes.value.get(letter.id);
      const tried = outcome?.state === "dead" ? (outcome.delivery.attempts.at(-1)?.attempt ?? 0) : 0;
      if (tried > letter.attempts) pages.put({ ...letter, attempts: tried }); // what comes after the next try is counted from there
    }
  });

  const lookAt = async (target_id: string, some: readonly DeadLetter[]): Promise<void> => {
    const before = new Map(some.map((letter) => [letter.id, letter]));
    const [newest = ""] = some.map(({ id }) => id).toSorted((a, b) => (a < b ? 1 : -1));
    try {
      const { items } = await deliveriesFrom(api, target_id, newest, LOOKED_AT);
      became(items.flatMap((delivery) => outcomeOf(delivery, before.get(delivery.id))));
    } catch (fault) {
      const isGone = fault instanceof ApiError && fault.code === "not_found";
      if (isGone) became(some.map(({ id }): Found => [id, { state: "removed" }])); // else the next look finds out
    }
  };
  const look = async (looks: number): Promise<void> => {
    const some = letters().filter(({ id }) => isUnderWay(outcomes.peek().get(id)));
    for (const [target_id, theirs] of Map.groupBy(some, (letter) => letter.target_id)) await lookAt(target_id, theirs);
    if (some.length > 0 && looks > 0 && isWatched) watch(looks - 1);
  };
  const watch = (looks = LOOKS): void => {
    cancel();
    cancel = later(LOOK_MS, () => void look(looks));
  };
  const tried = (some: readonly DeadLetter[]): void => {
    became(some.map(({ id, courier }): Found => [id, { state: courier === "webhook" ? "trying" : "sent" }]));
    watch();
  };

  return {
    /** Newest first, those that have been dealt with here too. */
    pages,
    /** By the id of the delivery. */
    outcomes,
    /** Whether there may be more than are shown. */
    is_cut: computed(() => pages.items.value?.length === limit && limit < MOST),
    find,
    async findMost(): Promise<void> {
      limit = MOST;
      await find();
    },
    async retry(letter: DeadLetter): Promise<void> {
      await api.post<void>(`/admin/dead-letters/${letter.id}/retry`);
      tried([letter]);
    },
    /** All of the workspace's, shown or not. Gives how many. */
    async retryAll(): Promise<number> {
      const { retried } = await api.post<{ retried: number }>("/admin/dead-letters/retry", {});
      tried(letters().filter(({ id }) => isDead(outcomes.peek().get(id))));
      return retried;
    },
    async discard({ id }: Pick<DeadLetter, "id">): Promise<void> {
      await api.delete<void>(`/admin/dead-letters/${id}`);
      became([[id, { state: "discarded" }]]);
    },
    /** Nobody looks any more. */
    rest(): void {
      isWatched = false;
      cancel();
    },
  };
}

/** Whether it can be tried again, or thrown away. */
export const isDead = (outcome: Outcome | undefined): boolean => outcome === undefined || outcome.state === "dead";

const isUnderWay = (outcome: Outcome | undefined): boolean => outcome?.state === "trying" || outcome?.state === "again";

function outcomeOf(delivery: LoggedDelivery, before: DeadLetter | undefined): Found[] {
  if (!before) return [];
  const last = delivery.attempts.at(-1);
  const isNew = last !== undefined && last.attempt > before.attempts && (last.status !== undefined || last.error !== undefined);
  if (delivery.state === "pending" && !isNew) return [];
  return [[delivery.id, { state: delivery.state === "pending" ? "again" : delivery.state, delivery }]];
}
