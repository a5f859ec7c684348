/**
 * What was written and is not stored yet: on screen at once, kept until the server has it, sent in order per room with the same `client_id`
 * however often. A refusal that will not change stays with its reason until the writer decides; everything else is tried again.
 */
import { action, createModel, signal } from "@preact/signals";
import type { Message } from "../../server/protocol.ts";
import type { FileOfMessage } from "../../server/protocol/file-of-message.ts";
import type { Api } from "../api.ts";
import type { Entry, Storage, Tabs } from "../lib/storage.ts";
import type { Link } from "../link.ts";
import { createQueue } from "../sdk/queue.ts";

export type Pending = Entry & { state: "sending" | "late" | "refused"; reason?: string };
export type Outbox = InstanceType<typeof OutboxModel>;

export type OutboxParts = {
  api: Pick<Api, "post">;
  link: Pick<Link, "ask" | "isOpen">;
  storage: Storage;
  tabs: Tabs;
  now(): number;
  newId(now: number): string;
  later(ms: number, run: () => void): () => void;
  /** Awaited before a message goes to this room. */
  before(room_id: string): Promise<void>;
  /** Called with the stored row, in the batch in which its pending entry goes. The row comes whole: the door answers a post with it. */
  stored(room_id: string, message: Message): void;
};

const LATE_MS = 60_000;
const ADOPT_MS = 5_000; // how soon what a closed tab left is sent by another

export const OutboxModel = createModel(({ api, link, storage, tabs, now, newId, later, before, stored }: OutboxParts) => {
  const pending = signal<readonly Pending[]>([]);
  const lasting = signal(storage.lasting);
  let user_id = "";
  let cancelAdoption = (): void => {};

  const change = action((client_id: string, to: Partial<Pending>) => {
    pending.value = pending.value.map((entry) => (entry.client_id === client_id ? { ...entry, ...to } : entry));
  });
  const settle = action((entry: Pending, message: Message | null) => {
    pending.value = pending.value.filter(({ client_id }) => client_id !== entry.client_id);
    if (message) stored(entry.room_id, message);
  });
  const add = action((entries: readonly Pending[]) => {
    const held = new Set(pending.value.map(({ client_id }) => client_id));
    pending.value = [...pending.value, ...entries.filter(({ client_id }) => !held.has(client_id))];
  });

  const { pump, wake, ...queue } = createQueue<Pending>({
    api,
    link,
    later,
    before,
    next: (room_id) => pending.value.find((entry) => entry.room_id === room_id && entry.state !== "refused"),
    stored(entry, message) {
      settle(entry, message);
      drop(entry.client_id);
    },
    refused: ({ client_id }, { code }) => change(client_id, { state: "refused", reason: code }),
    /** In silence for a minute, but for a full disk: that does not go by waiting. */
    waits({ client_id, at }, { code }) {
      if (code === "storage_full" || now() - at > LATE_MS) change(client_id, { state: "late", reason: code });
    },
  });

  const broke = action(() => {
    lasting.value = false;
  });
  /** Best effort from here on: the screen goes on without, and says that a closed tab loses what is unsent. */
  const keep = (entry: Entry): Promise<void> => storage.put(entry).catch(broke);
  const drop = (client_id: string): void => void storage.drop(client_id).catch(() => undefined);

  const rooms = (): string[] => [...new Set(pending.value.map(({ room_id }) => room_id))];
  const hurry = (): void => queue.hurry(rooms());

  /** Takes over what tabs that have gone left unsent. */
  const adopt = async (): Promise<void> => {
    const whose = user_id;
    const held = new Set(pending.value.map(({ client_id }) => client_id));
    const alive = await tabs.alive().catch(() => () => true);
    const entries = await storage.all(whose).catch(() => []);
    const orphans = entries.filter(({ client_id, tab }) => !held.has(client_id) && (tab === tabs.id || !alive(tab)));
    if (whose !== user_id || orphans.length === 0) return;
    for (const orphan of orphans) await keep({ ...orphan, tab: tabs.id });
    if (whose !== user_id) return;
    add(orphans.map((entry) => ({ ...entry, tab: tabs.id, state: "sending" as const })));
    for (const { room_id } of orphans) void pump(room_id);
  };
  const goOnAdopting = (): void => {
    cancelAdoption = later(ADOPT_MS, () => void adopt().finally(goOnAdopting));
  };
  /** Nothing of this person is shown or sent any more; what is kept stays kept. */
  const rest = action(() => {
    cancelAdoption();
    queue.rest();
    user_id = "";
    pending.value = [];
  });

  return {
    pending,
    /** False where what is unsent is lost with the tab. */
    lasting,
    /** Begins for this person: their own unsent messages come back, nobody else's. */
    begin(id: string): Promise<void> {
      rest();
      user_id = id;
      goOnAdopting();
      return adopt();
    },
    rest,
    adopt,
    /** On screen with this call, and on its way. Resolves when it is kept: until then the draft must stay, or a closed tab loses it. */
    post(room_id: string, content: string, reply_to?: string, shown: readonly FileOfMessage[] = []): Promise<void> {
      const held = shown.length > 0 && { files: shown.map(({ id }) => id), shown };
      const entry = {
        client_id: newId(now()),
        user_id,
        room_id,
        content,
        ...(reply_to !== undefined && { reply_to }),
        ...held,
        at: now(),
        tab: tabs.id,
      };
      add([{ ...entry, state: "sending" }]);
      const kept = keep(entry);
      void pump(room_id);
      return kept;
    },
    retry(client_id: string): void {
      const entry = pending.value.find((one) => one.client_id === client_id);
      if (!entry) return;
      change(client_id, { state: "sending" });
      wake(entry.room_id);
    },
    /** Gives the text back and forgets the entry. */
    discard(client_id: string): string {
      const entry = pending.value.find((one) => one.client_id === client_id);
      if (!entry) return "";
      settle(entry, null);
      drop(client_id);
      void pump(entry.room_id);
      return entry.content;
    },
    /** The stream told a row of mine before its answer came: it is stored, whatever the answer says. */
    heard(message: Message): void {
      const entry = pending.value.find((one) => one.client_id === message.client_id && one.user_id === message.sender_id);
      if (!entry) return;
      pending.value = pending.value.filter((one) => one !== entry);
      drop(entry.client_id);
    },
    /** Sends now what waits. */
    hurry,
    async forget(): Promise<void> {
      const id = user_id;
      rest();
      await storage.forget(id).catch(() => undefined);
    },
  };
});
