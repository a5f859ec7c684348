/** Lists that a dialog or screen asks for when it opens: public channels, people, a room's members, an invitation just made. */
import { action, createModel, signal } from "@preact/signals";
import type { Room, User } from "../../server/protocol.ts";
import type { Account } from "./account.ts";
import type { People } from "./people.ts";
import type { Rooms } from "./rooms.ts";

export type Directory = InstanceType<typeof DirectoryModel>;

export const DirectoryModel = createModel((rooms: Rooms, people: People, account: Account) => {
  const channels = signal<readonly Room[] | null>(null);
  const persons = signal<readonly User[] | null>(null);
  const members = signal<{ room_id: string; users: readonly User[] } | null>(null);
  const invite_code = signal<string | null>(null);
  const copied = signal(false);
  const tookChannels = action((list: readonly Room[]) => {
    channels.value = list;
  });
  const tookPersons = action((list: readonly User[]) => {
    persons.value = list;
    people.meet(list);
  });
  const tookMembers = action((room_id: string, users: readonly User[]) => {
    members.value = { room_id, users };
    people.meet(users);
  });
  const tookCode = action((code: string | null) => {
    invite_code.value = code;
    copied.value = false;
  });
  return {
    channels,
    persons,
    members,
    invite_code,
    copied,
    findChannels: async (): Promise<void> => tookChannels((await rooms.publicOnes()).items),
    findPersons: async (): Promise<void> => tookPersons((await people.all()).items),
    findMembers: async (room_id: string): Promise<void> =>
      tookMembers(
        room_id,
        (await rooms.members(room_id)).items.map(({ user }) => user),
      ),
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
