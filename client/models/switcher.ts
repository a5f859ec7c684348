/** "Jump to…": everything one can go to, by its name, from memory. Public channels that are not joined come with the directory, when it is known. */
import { computed, createModel, signal } from "@preact/signals";
import type { Room, User } from "../../server/protocol.ts";
import { matching } from "../lib/matching.ts";
import { strings } from "../lib/strings.ts";
import { sections, workspaceNames } from "../lib/workspace-names.ts";
import type { Account } from "./account.ts";
import type { Directory } from "./directory.ts";
import type { People } from "./people.ts";
import { isUnread, othersIn } from "./room-names.ts";
import type { MyRoom, Rooms } from "./rooms.ts";

export type Choice =
  | { kind: "room"; key: string; group: string; room: MyRoom }
  | { kind: "person"; key: string; group: string; person: User }
  | { kind: "join"; key: string; group: string; channel: Room }
  | { kind: "page"; key: string; group: string; name: string; path: string };

const NONE: readonly Choice[] = [];
const FEW = 8;
const SHOWN = 30;

const LISTS_MS = 60_000; // for so long lists of people and channels are good enough to jump by

export type SwitcherParts = {
  account: Account;
  rooms: Rooms;
  people: People;
  directory: Directory;
  now(): number;
  nameOf(room: MyRoom): string;
};

export const SwitcherModel = createModel(({ account, rooms, people, directory, now, nameOf }: SwitcherParts) => {
  const is_open = signal(false);
  const query = signal("");
  const at = signal(0);
  const recent = signal<readonly string[]>([]);
  let asked_at = Number.NEGATIVE_INFINITY;

  const pages = (): Choice[] => [
    { kind: "page", key: "page /browse", group: strings.switcher_pages, name: strings.browse, path: "/browse" },
    { kind: "page", key: "page /me", group: strings.switcher_pages, name: strings.settings, path: "/me" },
    { kind: "page", key: "page /saved", group: strings.switcher_pages, name: strings.saved_messages, path: "/saved" },
  ];
  const desk = (): Choice[] => [
    { kind: "page", key: "page /workspace", group: strings.switcher_pages, name: workspaceNames.manage, path: "/workspace" },
    ...sections.map((name): Choice => {
      const path = `/workspace/${name}`;
      return { kind: "page", key: `page ${path}`, group: strings.switcher_pages, name: workspaceNames.sections[name], path };
    }),
  ];
  const runs = (): boolean => (account.me.value?.role ?? "member") !== "member";
  const roomsOf = (list: readonly MyRoom[], group: string): Choice[] => list.map((room) => ({ kind: "room", key: `room ${room.id}`, group, room }));

  const unasked = (): Choice[] => {
    const all = [...rooms.rooms.value.values()];
    const unread = all.filter(isUnread).sort((a, b) => b.me.unread_mentions - a.me.unread_mentions);
    const left = recent.value.map((id) => rooms.rooms.value.get(id)).filter((room) => room !== undefined && !unread.includes(room));
    const first = [...left, ...all.filter((room) => !unread.includes(room) && !left.includes(room))].filter((room) => room !== undefined);
    return [
      ...roomsOf(unread.slice(0, FEW), strings.switcher_unread),
      ...roomsOf(first.slice(0, FEW), strings.switcher_recent),
      ...pages(),
      ...(runs() ? desk().slice(0, 1) : []),
    ];
  };
  const asked = (text: string): Choice[] => {
    const mine = rooms.rooms.value;
    const latest = recent.value.flatMap((id) => mine.get(id) ?? []);
    const found = matching(text.replace(/^[#@]/u, ""), new Set([...latest, ...mine.values()]), (room) => [nameOf(room)]);
    const groups = found.filter(({ type }) => type === "group");
    const listed = new Set([account.me.value?.id, ...found.flatMap((room) => (room.type === "dm" ? othersIn({ account }, room) : []))]);
    const persons = [...people.users.value.values()].filter(({ id, disabled_at }) => !listed.has(id) && disabled_at === undefined);
    const open = directory.channels.value?.filter(({ id, archived_at }) => !mine.has(id) && archived_at === undefined) ?? [];
    const met = matching(text.replace(/^@/u, ""), persons, ({ display_name, username }) => [display_name, username ?? ""], FEW);
    return [
      ...roomsOf(
        found.filter((room) => !groups.includes(room)),
        strings.switcher_rooms,
      ),
      ...met.map((person): Choice => ({ kind: "person", key: `person ${person.id}`, group: strings.switcher_people, person })),
      ...roomsOf(groups, strings.switcher_people), // one of several is meant less often than the one alone
      ...matching(text.replace(/^#/u, ""), open, ({ name }) => [name ?? ""]).map((channel): Choice => ({
        kind: "join",
        key: `join ${channel.id}`,
        group: strings.switcher_join,
        channel,
      })),
      ...matching(text, runs() ? [...pages(), ...desk()] : pages(), (page) => (page.kind === "page" ? [page.name] : [])),
    ].slice(0, SHOWN);
  };
  const choices = computed((): readonly Choice[] => {
    if (!is_open.value) return NONE; // nobody looks, and every message changes a room
    return query.value.trim() === "" ? unasked() : asked(query.value);
  });

  return {
    query,
    /** The rooms last open in this tab, latest first. */
    recent,
    choices,
    /** The place in `choices` of the one that Enter takes. */
    at,
    /** It is open. What was typed before the page heard of that stays. */
    begin(): void {
      is_open.value = true;
      if (now() - asked_at < LISTS_MS) return;
      asked_at = now();
      void directory.findChannels().catch(() => undefined); // nobody waits for them: they join what is known when they come
      void people.meetAll().catch(() => undefined);
    },
    end(): void {
      is_open.value = false;
      query.value = "";
      at.value = 0;
    },
    seek(text: string): void {
      query.value = text;
      at.value = 0;
      const isAnswered = choices.value.some(({ kind }) => kind === "room");
      if (!isAnswered || text.startsWith("@")) people.seek(text.replace(/^@/u, "")); // rooms are all known: nothing is asked for them
    },
    point(place: number): void {
      const count = choices.value.length;
      at.value = count === 0 ? 0 : (place + count) % count;
    },
    visited(room_id: string): void {
      if (recent.peek()[0] !== room_id) recent.value = [room_id, ...recent.peek().filter((id) => id !== room_id)].slice(0, FEW);
    },
    forget(): void {
      query.value = "";
      recent.value = [];
      asked_at = Number.NEGATIVE_INFINITY;
    },
  };
});
