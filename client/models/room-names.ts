/** What a room is called for this reader: a channel by its name, a dm or group by its other people. */
import type { User } from "../../server/protocol.ts";
import { strings } from "../lib/strings.ts";
import type { Account } from "./account.ts";
import type { People } from "./people.ts";
import type { MyRoom } from "./rooms.ts";

export type Naming = { account: Pick<Account, "me">; people: Pick<People, "of" | "strangers"> };

export function roomNameFor({ account, people }: Naming, room: MyRoom): string {
  if (room.type === "channel") return room.name ?? "";
  const names = othersIn({ account }, room).map((id) => nameFor(people, id));
  return names.length === 0 ? `${account.me.value?.display_name ?? ""} (${strings.yourself})` : strings.people_listed(names);
}

/** What somebody is called: a placeholder while that is being asked, rather than a wrong word. */
export const nameFor = ({ of, strangers }: Naming["people"], user_id: string): string =>
  of(user_id).value?.display_name ?? (strangers.value.has(user_id) ? strings.somebody : strings.name_to_come);

export const othersIn = ({ account }: Pick<Naming, "account">, room: MyRoom): string[] =>
  (room.user_ids ?? []).filter((id) => id !== account.me.value?.id);

export const titleFor = (naming: Naming, room: MyRoom): string =>
  room.type === "channel" ? `#${roomNameFor(naming, room)}` : roomNameFor(naming, room);

/**
 * How many unread messages of a room are for this reader: mentions, and every message of a dm or group whose level is `all`. A room at `none` raises
 * no notification and is otherwise as any; of one that is muted nothing counts.
 */
export function addressedIn({ type, me }: MyRoom): number {
  if (me.level === "muted") return 0;
  return type === "channel" || me.level !== "all" ? me.unread_mentions : me.unread;
}

export const isUnread = ({ me }: Pick<MyRoom, "me">): boolean => me.unread > 0 && me.level !== "muted";

/** Those who run a room are its admins, and those of the workspace who are in it. */
export const mayRunRoom = ({ account }: Pick<Naming, "account">, { type, me }: MyRoom): boolean =>
  type !== "dm" && (me.role !== "member" || (account.me.value?.role ?? "member") !== "member");

export const mayPostIn = (naming: Pick<Naming, "account">, room: MyRoom): boolean =>
  room.archived_at === undefined && (room.posting === undefined || mayRunRoom(naming, room));

export const isDisabled = (user: User | undefined): boolean => user?.disabled_at !== undefined;
