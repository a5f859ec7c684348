/** Whom and what the words of a text name: people by their username, channels by their name, emoji by theirs. */
import { action, computed, createModel, signal } from "@preact/signals";
import type { User } from "../../server/protocol.ts";
import type { EmojiTable } from "../lib/emoji.ts";
import type { People } from "./people.ts";
import type { MyRoom, Rooms } from "./rooms.ts";

export type Names = InstanceType<typeof NamesModel>;

export const NamesModel = createModel((rooms: Pick<Rooms, "channels">, people: Pick<People, "users">, loadEmoji: () => Promise<EmojiTable>) => {
  const emoji = signal<EmojiTable | null>(null);
  const persons = computed(
    () => new Map([...people.users.value.values()].flatMap((user): [string, User][] => (user.username === undefined ? [] : [[user.username, user]]))),
  );
  const channels = computed(() => new Map(rooms.channels.value.map((room): [string, MyRoom] => [folded(room.name ?? ""), room])));
  let loading: Promise<void> | null = null;
  const took = action((table: EmojiTable) => {
    emoji.value = table;
  });

  return {
    persons,
    channels,
    /** Null until somebody has had need of it. */
    emoji,
    personOf: (username: string): User | undefined => persons.value.get(folded(username)),
    channelOf: (name: string): MyRoom | undefined => channels.value.get(folded(name)),
    /** Loads the emoji once; a failure is tried again with the next need. */
    needEmoji(): Promise<void> {
      loading ??= loadEmoji().then(took, () => {
        loading = null;
      });
      return loading;
    },
  };
});

const folded = (name: string): string => name.normalize("NFKC").toLowerCase().replace(/\s+/gu, "-");
