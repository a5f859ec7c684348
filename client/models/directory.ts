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
/** `q` is what they were sought by. */
type Seats = { room_id: string; q: string; pages: readonly (readonly Seat[])[]; next_cursor?: string };

const SEEK_MS = 200;

export const DirectoryModel = createModel((rooms: Rooms, people: People, account: Account, later: (ms: number, run: () => void) => () => void) => {
  let cancelSeek = (): void => {};
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
  const tookMembers = action(({ room_id, q }: Pick<Seats, "room_id" | "q">, { items, next_cursor }: List<Seat>, pages: Seats["pages"]) => {
    members.value = { room_id, q, pages: [...pages, items], ...(next_cursor !== undefined && { next_cursor }) };
    people.meet(items.map(({ user }) => user));
  });
  let sought = "";
  const seek = async ({ room_id, q }: Pick<Seats, "room_id" | "q">): Promise<void> => {
    sought = q;
    const found = await rooms.members(room_id, "", q).catch(() => null); // a line that is down: the list stays as it is
    if (found && members.peek()?.room_id === room_id && sought === q) tookMembers({ room_id, q }, found, []);
  };
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
    async findMembers(room_id: string): Promise<void> {
      cancelSeek();
      tookMembers({ room_id, q: "" }, await rooms.members(room_id), []);
    },
    /** Those of the room whose names have a word that begins so, once the typing has stopped for a moment; for nothing typed, everybody again. */
    seekMembers(text: string): void {
      const held = members.peek();
      if (!held) return;
      const q = text.trim();
      cancelSeek();
      cancelSeek = later(SEEK_MS, () => void seek({ room_id: held.room_id, q }));
    },
    /** The next page of those whose first ones are shown. */
    async moreMembers(): Promise<void> {
      const held = members.peek();
      if (held?.next_cursor === undefined) return;
      const page = await rooms.members(held.room_id, held.next_cursor);
      const now = members.peek();
      if (now?.room_id === held.room_id && now.next_cursor === held.next_cursor) tookMembers(held, page, now.pages);
    },
    /** The stream tells who came, went or was given a role while the list is held. */
    heard(member: Member, user: User): void {
      const held = members.value;
      if (held?.room_id !== member.room_id) return;
      const seat = { member, user };
      const isHere = member.left_at === undefined;
      const isHeld = held.pages.some((page) => page.some((one) => one.user.id === user.id));
      const pages = held.pages.map((page) => page.flatMap((one) => (one.user.id !== user.id ? [one] : isHere ? [seat] : [])));
      members.value = { ...held, pages: isHere && !isHeld && held.q === "" ? [[...(pages[0] ?? []), seat], ...pages.slice(1)] : pages };
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
