/** Lists that a dialog or screen asks for when it opens: public channels, people, a room's members, an invitation just made. */
import { action, computed, createModel, signal } from "@preact/signals";
import type { Member, Room, User } from "../../server/protocol.ts";
import { matching } from "../lib/matching.ts";
import type { Account } from "./account.ts";
import type { People } from "./people.ts";
import type { Rooms } from "./rooms.ts";

export type Directory = InstanceType<typeof DirectoryModel>;

/** Somebody in a room, with what they are there. */
export type Seat = { member: Member; user: User };

export const DirectoryModel = createModel((rooms: Rooms, people: People, account: Account) => {
  const channels = signal<readonly Room[] | null>(null);
  const persons = signal<readonly User[] | null>(null);
  const members = signal<{ room_id: string; seats: readonly Seat[] } | null>(null);
  const invite_code = signal<string | null>(null);
  const copied = signal(false);
  const shown = signal<string | null>(null);
  const channel_query = signal("");
  const found_channels = computed(() => matching(channel_query.value, channels.value ?? [], ({ name, description }) => [name ?? "", description]));
  const tookChannels = action((list: readonly Room[]) => {
    channels.value = list;
  });
  const tookPersons = action((list: readonly User[]) => {
    persons.value = list;
    people.meet(list);
  });
  const tookMembers = action((room_id: string, seats: readonly Seat[]) => {
    members.value = { room_id, seats };
    people.meet(seats.map(({ user }) => user));
  });
  const tookCode = action((code: string | null) => {
    invite_code.value = code;
    copied.value = false;
  });
  return {
    channels,
    /** Those that answer what was typed. */
    found_channels,
    seekChannels(text: string): void {
      channel_query.value = text;
    },
    persons,
    members,
    invite_code,
    copied,
    /** Whose card is shown. */
    shown,
    show(user_id: string): void {
      shown.value = user_id;
    },
    findChannels: async (): Promise<void> => tookChannels((await rooms.publicOnes()).items),
    findPersons: async (): Promise<void> => tookPersons((await people.all()).items),
    findMembers: async (room_id: string): Promise<void> => tookMembers(room_id, (await rooms.members(room_id)).items),
    /** The stream tells who came, went or was given a role while the list is held. */
    heard(member: Member, user: User): void {
      const held = members.value;
      if (held?.room_id !== member.room_id) return;
      const others = held.seats.filter((seat) => seat.user.id !== user.id);
      members.value = { room_id: held.room_id, seats: member.left_at === undefined ? [...others, { member, user }] : others };
    },
    makeInvite: async (): Promise<void> => tookCode((await account.makeInvite()).code ?? null),
    forgetInvite: (): void => tookCode(null),
    forget(): void {
      channels.value = null;
      persons.value = null;
      members.value = null;
      tookCode(null);
    },
    wasCopied(): void {
      copied.value = true;
    },
  };
});
