/** The messages that replies quote, wherever in their room they stand. One that is not to be had any more is null. */
import { action, createModel, signal } from "@preact/signals";
import type { Message, User } from "../../server/protocol.ts";
import type { Api } from "../api.ts";
import { ApiError } from "../lib/api-error.ts";

export type Quotes = InstanceType<typeof QuotesModel>;
type Quoted = Pick<Message, "room_id" | "id">;

export type QuotesParts = {
  api: Pick<Api, "get">;
  /** A message that is on this page anyway. */
  held(quoted: Quoted): Message | undefined;
  meet(users: readonly User[]): void;
};

const KEPT_MAX = 500;
const AT_ONCE = 4; // a page full of replies must not spend the reader's allowance

export const QuotesModel = createModel(({ api, held, meet }: QuotesParts) => {
  const quotes = signal<ReadonlyMap<string, Message | null>>(new Map());
  const asked = new Set<string>();
  let waiting: Quoted[] = [];
  let asking = 0;

  const took = action((id: string, message: Message | null): void => {
    const known = quotes.value.get(id);
    if (known && message && known.rev >= message.rev) return;
    quotes.value = new Map([...quotes.value, [id, message] as const].slice(-KEPT_MAX));
  });
  const ask = async ({ room_id, id }: Quoted): Promise<void> => {
    try {
      const { message, user } = await api.get<{ message: Message; user: User }>(`/rooms/${room_id}/messages/${id}`);
      meet([user]);
      took(id, message);
    } catch (fault) {
      if (fault instanceof ApiError && !fault.retry) took(id, null);
    } finally {
      asked.delete(id);
    }
  };
  const pump = (): void => {
    if (asking >= AT_ONCE) return;
    const next = waiting.shift();
    if (!next) return;
    asking += 1;
    void ask(next).finally(() => {
      asking -= 1;
      pump();
    });
    pump();
  };

  return {
    quotes,
    need(quoted: Quoted): void {
      if (quotes.peek().has(quoted.id) || asked.has(quoted.id)) return;
      const here = held(quoted);
      if (here) return took(quoted.id, here);
      asked.add(quoted.id);
      waiting.push(quoted);
      pump();
    },
    /** A row of the stream or of an answer: a quote of it says the same. */
    heard(message: Message): void {
      if (quotes.peek().has(message.id)) took(message.id, message);
    },
    /** The room begins at this seq: a quote of what lay before says that it is gone. */
    began(room_id: string, first_seq: number): void {
      for (const [id, message] of quotes.peek()) if (message?.room_id === room_id && message.seq < first_seq) took(id, null);
    },
    forget(): void {
      waiting = [];
      quotes.value = new Map();
    },
  };
});
