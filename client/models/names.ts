/** Whom and what the words of a text name: people by their username, channels by their name, emoji by theirs. */
import { action, computed, createModel, signal } from "@preact/signals";
import type { User } from "../../server/protocol.ts";
import type { EmojiTable } from "../lib/emoji-table.ts";
import { locale, perLanguage } from "../lib/language.ts";
import type { People } from "./people.ts";
import type { MyRoom, Rooms } from "./rooms.ts";

/** What a text needs of a channel it names. */
export type NamedRoom = Pick<MyRoom, "id" | "name" | "description">;
export type Names = InstanceType<typeof NamesModel>;

export const NamesModel = createModel((rooms: Pick<Rooms, "channels">, people: Pick<People, "users">, loadEmoji: () => Promise<EmojiTable>) => {
  const emoji = signal<EmojiTable | null>(null);
  const persons = computed(
    () => new Map([...people.users.value.values()].flatMap((user): [string, User][] => (user.username === undefined ? [] : [[user.username, user]]))),
  );
  let named: ReadonlyMap<string, NamedRoom> = new Map();
  /** The same one until a channel comes, goes or is called otherwise: every message changes a room, and no text for that. */
  const channels = computed(() => {
    const now = new Map(
      rooms.channels.value.map(({ id, name, description }): [string, NamedRoom] => [folded(name ?? ""), { id, name, description }]),
    );
    if (!isSame(named, now)) named = now;
    return named;
  });
  const load = (here: string): Promise<void> => {
    const took = action((table: EmojiTable) => {
      if (here === locale()) emoji.value = table; // or the page has gone over to another language
    });
    return loadEmoji().then(took, () => {
      loading = perLanguage(load);
    });
  };
  let loading = perLanguage(load);

  return {
    persons,
    channels,
    /** Null until somebody has had need of it. */
    emoji,
    personOf: (username: string): User | undefined => persons.value.get(folded(username)),
    channelOf: (name: string): NamedRoom | undefined => channels.value.get(folded(name)),
    /** Loads the emoji once in each language of the page; a failure is tried again with the next need. */
    needEmoji: (): Promise<void> => loading(),
  };
});

const isSame = (one: ReadonlyMap<string, NamedRoom>, other: ReadonlyMap<string, NamedRoom>): boolean =>
  one.size === other.size &&
  [...one].every(([key, { id, name, description }]) => {
    const room = other.get(key);
    return room?.id === id && room.name === name && room.description === description;
  });

const folded = (name: string): string => name.normalize("NFKC").toLowerCase().replace(/\s+/gu, "-");
