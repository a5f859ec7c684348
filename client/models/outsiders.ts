/** Who was named in a message and cannot read it, because they are not in the room: the writer is asked whether to add them. */
import { action, createModel, signal } from "@preact/signals";
import type { User } from "../../server/protocol.ts";
import { endsCut, wordsIn } from "../lib/words.ts";
import type { Names } from "./names.ts";
import type { People } from "./people.ts";
import type { MyRoom, Rooms } from "./rooms.ts";

export type Outsiders = InstanceType<typeof OutsidersModel>;
type Offer = { room_id: string; users: readonly User[] };
type Parts = { names: Pick<Names, "personOf">; people: Pick<People, "askFor">; rooms: Pick<Rooms, "members" | "add">; myId(): string };

const SOUGHT_MAX = 5; // names that this tab has not met, in one message

export const OutsidersModel = createModel(({ names, people, rooms, myId }: Parts) => {
  const offer = signal<Offer | null>(null);
  const ask = action((next: Offer | null) => {
    offer.value = next;
  });
  const personOf = (name: string): User | undefined => names.personOf(name) ?? names.personOf(endsCut(name));
  /** Who writes a name at once, as soon as the room is there, may name somebody whom this tab has still to meet. */
  const namedIn = async (content: string): Promise<User[]> => {
    const named = [...new Set(wordsIn(content).flatMap((word) => (word.kind === "mention" ? [word.name] : [])))];
    const unmet = new Set(named.filter((name) => !personOf(name)).map(endsCut));
    await Promise.all([...unmet].slice(0, SOUGHT_MAX).map(people.askFor));
    const users = new Set(named.flatMap((name) => personOf(name) ?? []));
    return [...users].filter(({ id, disabled_at }) => id !== myId() && disabled_at === undefined);
  };

  return {
    /** Null while nobody is to be asked about. */
    offer,
    /** What was just written there. A direct message or group has its people; a room whose members do not fit on a page is not asked about. */
    async posted(room: MyRoom, content: string): Promise<void> {
      const named = room.type === "channel" ? await namedIn(content) : [];
      if (named.length === 0) return;
      const list = await rooms.members(room.id).catch(() => null);
      if (!list || list.next_cursor !== undefined) return;
      const inside = new Set(list.items.map(({ user }) => user.id));
      const users = named.filter(({ id }) => !inside.has(id));
      if (users.length > 0) ask({ room_id: room.id, users });
    },
    /** Refuses as the room does; who was added before that stays. */
    async add(): Promise<void> {
      const asked = offer.peek();
      ask(null);
      for (const { id } of asked?.users ?? []) await rooms.add(asked?.room_id ?? "", id);
    },
    leave: (): void => ask(null),
  };
});
