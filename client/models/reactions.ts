/** What this person does by emoji: given and taken back at once on the screen, and as the server has it once it has answered. */
import { action, signal } from "@preact/signals";
import type { Message, Reaction } from "../../server/protocol.ts";
import { keep, kept } from "../lib/kept.ts";
import { perApp } from "./per-app.ts";

/** A reaction as it is drawn. */
export type Shown = Reaction & { mine: boolean };
export type Reactions = ReturnType<typeof reactionsOf>;

const RECENT_MAX = 24;
const USUAL = ["👍", "✅", "😄"];

/** Made when somebody first has need of it (it is a part that is fetched late). */
export const reactionsOf = perApp((api, app) => {
  const me = app.account.me.peek()?.id ?? "";
  const key = `emoji ${me}`;
  const meant = signal<ReadonlyMap<string, boolean>>(new Map()); // what was asked for and is not answered
  const own = signal<ReadonlyMap<string, readonly string[]>>(new Map()); // by message, of those that more have given than are named
  const recent = signal<readonly string[]>([...kept(key).split(" "), ...USUAL].filter((one, i, all) => one !== "" && all.indexOf(one) === i));
  const asked = new Set<string>();
  let unmet: string[] = []; // of the rows that are being drawn: asked for together
  const turns = new Map<string, Promise<void>>(); // one after the other, or the last press would not be the last word

  const mean = action((what: string, isOn: boolean | null): void => {
    const next = new Map(meant.value);
    if (isOn === null) next.delete(what);
    else next.set(what, isOn);
    meant.value = next;
  });
  const know = action((message_id: string, emoji: readonly string[]): void => {
    own.value = new Map(own.value).set(message_id, emoji);
  });
  const isOwn = (message: Message, { emoji, user_ids }: Reaction): boolean =>
    user_ids.includes(me) || own.value.get(message.id)?.includes(emoji) === true;

  const shown = (message: Message): Shown[] => {
    const stored = message.reactions ?? [];
    const asWas = stored.map((one): Shown => ({ ...one, mine: isOwn(message, one) }));
    const isNew = (emoji: string): boolean => !stored.some((one) => one.emoji === emoji);
    const added = [...meant.value].flatMap(([what, isOn]): Shown[] => {
      const [id = "", emoji = ""] = what.split(" ");
      return isOn && id === message.id && isNew(emoji) ? [{ emoji, count: 1, user_ids: [me], mine: true }] : [];
    });
    return [...asWas.map((one) => asMeant(message, one)), ...added].filter(({ count }) => count > 0);
  };
  const asMeant = ({ id }: Message, one: Shown): Shown => {
    const isOn = meant.value.get(`${id} ${one.emoji}`);
    if (isOn === undefined || isOn === one.mine) return one;
    const others = one.user_ids.filter((user_id) => user_id !== me);
    return { ...one, mine: isOn, count: one.count + (isOn ? 1 : -1), user_ids: isOn ? [...others, me] : others };
  };
  const remember = action((emoji: string): void => {
    recent.value = [emoji, ...recent.value.filter((one) => one !== emoji)].slice(0, RECENT_MAX);
    keep(key, recent.value.join(" "));
  });

  const say = async (message: Message, emoji: string, isOn: boolean): Promise<void> => {
    const path = `/rooms/${message.room_id}/messages/${message.id}/reactions/${encodeURIComponent(emoji)}`;
    app.answered(message.room_id, await (isOn ? api.put<Message>(path, undefined) : api.delete<Message>(path)));
    const known = own.peek().get(message.id);
    if (known) know(message.id, isOn ? [...known, emoji] : known.filter((one) => one !== emoji));
  };

  return {
    shown,
    /** The last used first; those that are usual where there are none. */
    recent,
    remember,
    /** Gives it, or takes it back. Refuses as the server does; then the screen is as it was. */
    async toggle(message: Message, emoji: string): Promise<void> {
      const what = `${message.id} ${emoji}`;
      const isOn = !shown(message).some((one) => one.emoji === emoji && one.mine);
      mean(what, isOn);
      if (isOn) remember(emoji);
      const turn = (turns.get(what) ?? Promise.resolve()).catch(() => undefined).then(() => say(message, emoji, isOn));
      turns.set(what, turn);
      await turn.finally(() => {
        if (turns.get(what) !== turn) return; // pressed again meanwhile
        turns.delete(what);
        mean(what, null);
      });
    },
    /** Gets to know the people whom a row names. */
    meet(user_ids: readonly string[]): void {
      if (unmet.length === 0)
        queueMicrotask(() => {
          app.people.find(unmet);
          unmet = [];
        });
      unmet = [...unmet, ...user_ids];
    },
    /** Where more gave one than are named, whether I am among them is asked once; from then on what is done here is known. */
    async need(message: Message): Promise<void> {
      const isOpen = message.reactions?.some(({ count, user_ids }) => count > user_ids.length && !user_ids.includes(me));
      if (!isOpen || asked.has(message.id)) return;
      asked.add(message.id);
      const path = `/rooms/${message.room_id}/messages/${message.id}/reactions/mine`;
      const answer = await api.get<{ items: string[] }>(path).catch(() => null);
      if (answer) know(message.id, answer.items);
      else asked.delete(message.id);
    },
  };
});
