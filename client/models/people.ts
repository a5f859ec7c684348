/** People as far as this tab has met them; who is here, and who is typing (each forgotten six seconds later, by this clock). */
import { createModel, signal } from "@preact/signals";
import type { List, Presence, User } from "../../server/protocol.ts";
import type { Api } from "../api.ts";

export type People = InstanceType<typeof PeopleModel>;
const TYPING_MS = 6_000;

export const PeopleModel = createModel((api: Pick<Api, "get">, later: (ms: number, run: () => void) => () => void) => {
  const users = signal<ReadonlyMap<string, User>>(new Map());
  const here = signal<ReadonlyMap<string, Presence["status"]>>(new Map());
  const typing = signal<ReadonlyMap<string, readonly string[]>>(new Map()); // by room, user ids
  const expiries = new Map<string, () => void>();

  const stop = (room_id: string, user_id: string): void => {
    expiries.get(`${room_id} ${user_id}`)?.();
    expiries.delete(`${room_id} ${user_id}`);
    const left = (typing.value.get(room_id) ?? []).filter((id) => id !== user_id);
    typing.value = new Map(typing.value).set(room_id, left);
  };

  return {
    users,
    here,
    typing,
    meet(met: readonly User[]): void {
      const strangers = met.filter((user) => JSON.stringify(users.value.get(user.id)) !== JSON.stringify(user));
      if (strangers.length > 0) users.value = new Map([...users.value, ...strangers.map((user) => [user.id, user] as const)]);
    },
    present(list: readonly Presence[]): void {
      here.value = new Map([...here.value, ...list.map(({ user_id, status }) => [user_id, status] as const)]);
    },
    unknown(): void {
      here.value = new Map();
    },
    types(room_id: string, user_id: string, is_typing: boolean): void {
      stop(room_id, user_id);
      if (!is_typing) return;
      typing.value = new Map(typing.value).set(room_id, [...(typing.value.get(room_id) ?? []), user_id]);
      expiries.set(
        `${room_id} ${user_id}`,
        later(TYPING_MS, () => stop(room_id, user_id)),
      );
    },
    stop,
    all: (): Promise<List<User>> => api.get<List<User>>("/users?limit=200"),
    presence: (room_id: string): Promise<{ items: Presence[] }> => api.get(`/rooms/${room_id}/presence`),
    some: (ids: readonly string[]): Promise<List<User>> =>
      api.get<List<User>>(`/users?ids=${ids.slice(0, 200).map(encodeURIComponent).join(",")}&limit=200`),
  };
});
