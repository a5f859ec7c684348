/** What the panel of notifications lists: all that this person was told and the server still keeps, newest first. To open it is to acknowledge them. */
import { action } from "@preact/signals";
import type { List } from "../../server/protocol.ts";
import type { DeliveryState, Notification } from "../../server/protocol/notifications.ts";
import type { Api } from "../api.ts";
import { ApiError } from "../lib/api-error.ts";
import type { Heard } from "./notifications.ts";
import { createPages } from "./pages.ts";

/** `isNew`: it was not acknowledged when it came into this list. */
export type Listed = Pick<Notification, "topic" | "payload" | "created_at"> & { readonly id: string; readonly isNew: boolean };

type Parts = {
  api: Pick<Api, "get" | "put">;
  later(ms: number, run: () => void): () => void;
  /** This one is acknowledged. */
  settled(id: string): void;
};

const PAGES_MAX = 25; // of 200: who was told more than that in a week reads it elsewhere
const STATES: readonly DeliveryState[] = ["delivered", "pending", "dead"];

export function createPanel({ api, later, settled }: Parts) {
  const pages = createPages<Listed, void>(async () => {
    const found: Listed[] = [];
    for (const state of STATES) found.push(...(await allOf(state)));
    return { items: found.toSorted((a, b) => (a.created_at < b.created_at ? 1 : -1)) };
  });
  const allOf = async (state: DeliveryState): Promise<Listed[]> => {
    const found: Notification[] = [];
    let cursor = "";
    for (let i = 0; i < PAGES_MAX; i += 1) {
      const page = await api.get<List<Notification>>(`/notifications?state=${state}&limit=200${cursor}`);
      found.push(...page.items);
      if (page.next_cursor === undefined) break;
      cursor = `&cursor=${encodeURIComponent(page.next_cursor)}`;
    }
    return found.map(listed);
  };
  const settle = async (ids: readonly string[]): Promise<void> => {
    for (const id of ids) await settleOne(id);
  };
  /** One that fails is told again. Hundreds at once are more than may be asked in a second: then it waits as long as it is told. */
  const settleOne = async (id: string): Promise<void> => {
    try {
      await api.put<void>(`/notifications/${id}/ack`, {});
      settled(id);
    } catch (fault) {
      const wait_ms = fault instanceof ApiError && fault.code === "rate_limited" ? (fault.retry_after_ms ?? 1_000) : null;
      if (wait_ms === null) return;
      await new Promise<void>((resolve) => later(wait_ms, resolve));
      await settleOne(id);
    }
  };

  return {
    pages,
    async open(): Promise<void> {
      await pages.find();
      await settle(newIn(pages.items.peek() ?? []));
    },
    /** Those that come while it is open. */
    take: action(async (heard: readonly Heard[]): Promise<void> => {
      const held = pages.items.peek();
      if (held === null) return; // they are among those that are being asked for
      const fresh = heard.filter(({ notification_id }) => !held.some(({ id }) => id === notification_id));
      for (const one of fresh) pages.put(listed({ ...one, state: "pending" }));
      await settle(fresh.map(({ notification_id }) => notification_id));
    }),
  };
}

const newIn = (items: readonly Listed[]): string[] => items.filter(({ isNew }) => isNew).map(({ id }) => id);

const listed = ({ notification_id, topic, payload, created_at, state }: Heard & Pick<Notification, "state">): Listed => ({
  ...{ id: notification_id, topic, payload, created_at },
  isNew: state !== "delivered",
});

/** What of a payload is for people: its `title`, and its `body`, `text` or `message`, where they are texts. */
export function wordsIn(payload: Listed["payload"]): { title?: string; text?: string } {
  const found = (names: readonly string[]): string | undefined => {
    const texts = names.map((name): unknown => payload[name]);
    return texts.find((text): text is string => typeof text === "string" && text.trim() !== "");
  };
  const title = found(["title"]);
  const text = found(["body", "text", "message"]);
  return { ...(title !== undefined && { title }), ...(text !== undefined && { text }) };
}
