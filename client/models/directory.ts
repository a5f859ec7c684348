/** Lists that a dialog or screen asks for when it opens: public channels, a room's members, an invitation just made. */
import { action, computed, createModel, signal } from "@preact/signals";
import type { List, Member, Room, User } from "../../server/protocol.ts";
import { matching } from "../lib/matching.ts";
import type { Account } from "./account.ts";
import type { People } from "./people.ts";
import type { Rooms } from "./rooms.ts";

export type Directory = InstanceType<typeof DirectoryModel>;

/** Somebody in a room, with what they are there. */
export type Seat = { member: Member; user: User };
type Seats = { room_id: string; pages: readonly (readonly Seat[])[]; next_cursor?: string };

export const DirectoryModel = createModel((rooms: Rooms, people: People, account: Account) => {
  const channels = signal<readonly Room[] | null>(null);
  const members = signal<Seats | null>(null);
  const invite_code = signal<string | null>(null);
  const copied = signal(false);
  const shown = signal<string | null>(null);
  const channel_query = signal("");
  const found_channels = computed(() => matching(channel_query.value, channels.value ?? [], ({ name, description }) => [name ?? "", description]));
  const tookChannels = action((list: readonly Room[]) => {
    channels.value = list;
  });
  const tookMembers = action((room_id: string, { items, next_cursor }: List<Seat>, pages: Seats["pages"]) => {
    members.value = { room_id, pages: [...pages, items], ...(next_cursor !== undefined && { next_cursor }) };
    people.meet(items.map(({ user }) => user));
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
    /** Those of one room, page by page. */
    members,
    invite_code,
    copied,
    /** Whose card is shown. */
    shown,
    show(user_id: string): void {
      shown.value = user_id;
    },
    findChannels: async (): Promise<void> => tookChannels(await rooms.publicOnes()),
    findMembers: async (room_id: string): Promise<void> => tookMembers(room_id, await rooms.members(room_id), []),
    /** The next page of those whose first ones are shown. */
    async moreMembers(): Promise<void> {
      const held = members.peek();
      if (held?.next_cursor === undefined) return;
      const page = await rooms.members(held.room_id, held.next_cursor);
      const now = members.peek();
      if (now?.room_id === held.room_id && now.next_cursor === held.next_cursor) tookMembers(held.room_id, page, now.pages);
    },
    /** The stream tells who came, went or was given a role while the list is held. */
    heard(member: Member, user: User): void {
      const held = members.value;
      if (held?.room_id !== member.room_id) return;
      const seat = { member, user };
      const isHere = member.left_at === undefined;
      const isHeld = held.pages.some((page) => page.some((one) => one.user.id === user.id));
      const pages = held.pages.map((page) => page.flatMap((one) => (one.user.id !== user.id ? [one] : isHere ? [seat] : [])));
      members.value = { ...held, pages: isHere && !isHeld ? [[...(pages[0] ?? []), seat], ...pages.slice(1)] : pages };
    },
    makeInvite: async (): Promise<void> => tookCode((await account.makeInvite()).code ?? null),
    forgetInvite: (): void => tookCode(null),
    forget(): void {
      channels.value = null;
      members.value = null;
      tookCode(null);
    },
    wasCopied(): void {
      copied.value = true;
    },
  };
});
