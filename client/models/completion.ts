/** Whom, which room or which emoji a writer may be about to name, while they type its beginning. */
import { action, computed, createModel, signal } from "@preact/signals";
import type { User } from "../../server/protocol.ts";
import { matching } from "../lib/matching.ts";
import { byName } from "../lib/plurals.ts";
import { strings } from "../lib/strings.ts";
import { type Token, tokenAt } from "../lib/tokens.ts";
import type { NamedRoom, Names } from "./names.ts";
import type { People } from "./people.ts";
import type { Rooms } from "./rooms.ts";

export type Completion = InstanceType<typeof CompletionModel>;
export type Suggestion =
  | { kind: "person"; key: string; text: string; user: User; is_member: boolean }
  | { kind: "room"; key: string; text: string; room: NamedRoom }
  /** Its key is what it is called. */
  | { kind: "emoji"; key: string; text: string }
  /** Everybody in the room, or a command. */
  | { kind: "plain"; key: string; text: string; sign: string; name: string; more: string };
/** What is to be typed, and in place of what. */
export type Insertion = { from: number; to: number; text: string };

const SHOWN_MAX = 8;
/** What everybody in the room is called elsewhere. */
const CALLED_ELSEWHERE = ["here", "channel", "everyone", "all"];

type Parts = { names: Names; rooms: Pick<Rooms, "channels" | "members">; people: Pick<People, "meetAll" | "meet" | "seek">; myId(): string };

export const CompletionModel = createModel(({ names, rooms, people, myId }: Parts) => {
  const commands = signal<readonly { name: string; usage: string; does: string }[]>([]);
  const token = signal<Token | null>(null);
  const chosen = signal(0);
  const members = signal<ReadonlySet<string>>(new Set()); // of the room that is written in
  let knows_members = false; // whether those are all: of a room too large for a page nobody is said to be outside
  let room_id: string | null = null; // whose members those are, or will be
  let closed_from: number | null = null; // the beginning whose list the writer has closed

  const met = action(({ items, next_cursor }: Awaited<ReturnType<Rooms["members"]>>, of: string): void => {
    people.meet(items.map(({ user }) => user));
    if (of !== room_id) return;
    members.value = new Set(items.map(({ user }) => user.id));
    knows_members = next_cursor === undefined;
  });
  /** Asked once a visit: while they write, the list is at hand. Who is not found meanwhile may still be typed. */
  const meetMembers = async (id: string): Promise<void> => {
    if (room_id === id) return;
    room_id = id;
    knows_members = false;
    members.value = new Set();
    const [in_room] = await Promise.all([rooms.members(id).catch(() => null), people.meetAll().catch(() => undefined)]);
    if (in_room) met(in_room, id);
    else if (room_id === id) room_id = null; // asked again with the next name
  };

  /** None for what is written out: Enter runs it. */
  const commandsFor = (query: string): Suggestion[] =>
    commands.value.some(({ name }) => name === query)
      ? []
      : commands.value
          .filter(({ name }) => name.startsWith(query.toLowerCase()))
          .map(({ name, usage, does }) => ({ kind: "plain", key: name, text: `/${name} `, sign: "/", name: usage.slice(1), more: does }));
  const commandsCame = action((came: typeof commands.value): void => {
    commands.value = came;
  });
  const personsFor = (query: string): Suggestion[] => {
    const here = members.value;
    const others = [...names.persons.value.values()].filter(({ id, disabled_at }) => id !== myId() && disabled_at === undefined);
    const isIn = ({ id }: User): number => (here.has(id) ? 0 : 1);
    const known = others.sort((a, b) => isIn(a) - isIn(b) || byName(a.display_name, b.display_name));
    const typed = query.toLowerCase();
    const all: Suggestion = { kind: "plain", key: "@room", text: "@room ", sign: "@", name: "room", more: strings.everybody };
    const found = matching(query, known, ({ username = "", display_name }) => [username, display_name], SHOWN_MAX).map((user): Suggestion => ({
      kind: "person",
      key: user.id,
      text: `@${user.username ?? ""} `,
      user,
      is_member: !knows_members || here.has(user.id),
    }));
    if (typed !== "" && "room".startsWith(typed)) return [all, ...found];
    return typed.length > 1 && CALLED_ELSEWHERE.some((name) => name.startsWith(typed)) ? [...found, all] : found;
  };
  const roomsFor = (query: string): Suggestion[] =>
    matching(query, names.channels.value, ([name, room]) => [name, room.name ?? ""], SHOWN_MAX).map(([name, room]) => ({
      kind: "room",
      key: room.id,
      text: `#${name} `,
      room,
    }));
  const emojiFor = (query: string): Suggestion[] =>
    matching(query, names.emoji.value?.offers ?? [], ({ words }) => words, SHOWN_MAX).map(({ label, sign }) => ({
      kind: "emoji",
      key: label,
      text: `${sign} `,
    }));
  const finders = { person: personsFor, room: roomsFor, emoji: emojiFor, command: commandsFor };

  const suggestions = computed((): readonly Suggestion[] => (token.value ? finders[token.value.kind](token.value.query) : []));
  const close = (): void => {
    token.value = null;
    chosen.value = 0;
  };

  return {
    suggestions,
    /** The place in the list that Enter would take. */
    chosen: computed(() => Math.min(chosen.value, Math.max(0, suggestions.value.length - 1))),
    /** What the field holds now, and where its caret is. */
    write(of: string, text: string, caret: number): void {
      const next = tokenAt(text, caret);
      if (next?.from !== closed_from) closed_from = null;
      if (!next || closed_from !== null) return close();
      if (next.from !== token.value?.from || next.query !== token.value.query) chosen.value = 0;
      token.value = next;
      if (next.kind === "person") {
        void meetMembers(of);
        people.seek(next.query);
      }
      if (next.kind === "command")
        void import("./commands.ts").then(
          ({ commands: all }) => commandsCame(all()),
          () => undefined,
        );
      if (next.kind === "emoji") void names.needEmoji();
    },
    move(step: 1 | -1): void {
      const { length } = suggestions.value;
      if (length > 0) chosen.value = (chosen.value + step + length) % length;
    },
    /** What taking this one types; null when the list has gone. */
    take(at: number): Insertion | null {
      const [now, suggestion] = [token.value, suggestions.value[at]];
      close();
      return now && suggestion ? { from: now.from, to: now.to, text: suggestion.text } : null;
    },
    close,
    /** Closes the list for as long as this beginning is typed on. */
    dismiss(): void {
      closed_from = token.value?.from ?? null;
      close();
    },
    /** Another room is written in, or the same one later: who is in it may have changed. */
    forget(): void {
      room_id = null;
      closed_from = null;
      close();
    },
  };
});
