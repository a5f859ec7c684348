/**
 * What was written and is not stored yet: on screen at once, kept until the server has it, sent in order per room with the same `client_id`
 * however often. A refusal that will not change stays with its reason until the writer decides; everything else is tried again.
 */
import { action, createModel, signal } from "@preact/signals";
import type { Message } from "../../server/protocol.ts";
import type { Api } from "../api.ts";
import { ApiError } from "../lib/api-error.ts";
import type { Entry, Storage, Tabs } from "../lib/storage.ts";
import type { Link } from "../link.ts";

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
const FIRST_DELAY_MS = 1_000;
const LONGEST_DELAY_MS = 30_000;

export const OutboxModel = createModel(({ api, link, storage, tabs, now, newId, later, before, stored }: OutboxParts) => {
  const pending = signal<readonly Pending[]>([]);
  const lasting = signal(storage.lasting);
  const sending = new Map<string, { by_socket: boolean }>(); // by room, the attempt whose answer is awaited
  const waits = new Map<string, { failures: number; cancel: () => void }>();
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

  const deliver = async ({ client_id, room_id, content, reply_to }: Pending, by_socket: boolean): Promise<Message | null> => {
    const draft = { client_id, content, ...(reply_to !== undefined && { reply_to }) };
    if (!by_socket) return api.post<Message>(`/rooms/${room_id}/messages`, draft);
    const { message } = await link.ask({ type: "message", room_id, ...draft });
    return message && "content" in message ? message : null;
  };

  const pump = async (room_id: string): Promise<void> => {
    if (sending.has(room_id)) return;
    const next = pending.value.find((entry) => entry.room_id === room_id && entry.state !== "refused");
    if (!next) return;
    const attempt = { by_socket: link.isOpen() };
    sending.set(room_id, attempt);
    try {
      await before(room_id);
      const message = await deliver(next, attempt.by_socket);
      waits.delete(room_id);
      settle(next, message);
      drop(next.client_id);
    } catch (fault) {
      if (sending.get(room_id) !== attempt) return; // given up meanwhile: another one asks for the same
      const refusal = fault instanceof ApiError ? fault : new ApiError({ code: "internal", retry: true });
      if (!refusal.retry && refusal.code !== "unauthorized") change(next.client_id, { state: "refused", reason: refusal.code });
      else return wait(room_id, next, refusal);
    } finally {
      if (sending.get(room_id) === attempt) sending.delete(room_id);
    }
    void pump(room_id);
  };

  /** In silence for a minute, but for a full disk: that does not go by waiting. */
  const wait = (room_id: string, entry: Pending, { code, retry_after_ms = 0 }: ApiError): void => {
    if (code === "storage_full" || now() - entry.at > LATE_MS) change(entry.client_id, { state: "late", reason: code });
    const failures = (waits.get(room_id)?.failures ?? 0) + 1;
    waits.get(room_id)?.cancel();
    const delay = Math.max(retry_after_ms, Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (failures - 1)));
    waits.set(room_id, { failures, cancel: later(delay, () => void pump(room_id)) });
  };

  const broke = action(() => {
    lasting.value = false;
  });
  /** Best effort from here on: the screen goes on without, and says that a closed tab loses what is unsent. */
  const keep = (entry: Entry): Promise<void> => storage.put(entry).catch(broke);
  const drop = (client_id: string): void => void storage.drop(client_id).catch(() => undefined);

  const rooms = (): string[] => [...new Set(pending.value.map(({ room_id }) => room_id))];
  /** Sends now what waits. What REST has not answered is sent again over the socket: on a line that was dead, it may not be for long. */
  const hurry = (): void => {
    for (const { cancel } of waits.values()) cancel();
    waits.clear();
    if (link.isOpen()) for (const [room_id, attempt] of sending) if (!attempt.by_socket) sending.delete(room_id);
    for (const room_id of rooms()) void pump(room_id);
  };

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
    for (const { cancel } of waits.values()) cancel();
    waits.clear();
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
    post(room_id: string, content: string, reply_to?: string): Promise<void> {
      const entry = { client_id: newId(now()), user_id, room_id, content, ...(reply_to !== undefined && { reply_to }), at: now(), tab: tabs.id };
      add([{ ...entry, state: "sending" }]);
      const kept = keep(entry);
      void pump(room_id);
      return kept;
    },
    retry(client_id: string): void {
      const entry = pending.value.find((one) => one.client_id === client_id);
      if (!entry) return;
      change(client_id, { state: "sending" });
      waits.get(entry.room_id)?.cancel();
      void pump(entry.room_id);
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
    hurry,
    async forget(): Promise<void> {
      const id = user_id;
      rest();
      await storage.forget(id).catch(() => undefined);
    },
  };
});
