/** The routes that applications ask most, by name and type. */
import type { Caller } from "./caller.ts";
import type { Calls } from "./types.ts";

export function createCalls({ get, post, put, patch, delete: remove }: Pick<Caller, "get" | "post" | "put" | "patch" | "delete">): Calls {
  const room = (room_id: string, rest = ""): string => `/rooms/${encodeURIComponent(room_id)}${rest}`;
  const member = (room_id: string, user_id: string): string => room(room_id, `/members/${encodeURIComponent(user_id)}`);
  const message = (room_id: string, message_id: string): string => room(room_id, `/messages/${encodeURIComponent(message_id)}`);
  return {
    me: () => get("/me"),
    patchMe: (change) => patch("/me", change),
    users: (ids) => get(`/users${query({ ids: ids.join(",") })}`),
    user: (user_id) => get(`/users/${encodeURIComponent(user_id)}`),
    rooms: () => get("/rooms"),
    publicRooms: (cursor) => get(`/rooms${query({ scope: "public", cursor })}`),
    room: (room_id) => get(room(room_id)),
    createRoom: (made) => post("/rooms", made),
    patchRoom: (room_id, change) => patch(room(room_id), change),
    members: (room_id, cursor) => get(room(room_id, `/members${query({ cursor })}`)),
    join: (room_id) => put(member(room_id, "me"), {}),
    leave: (room_id) => remove(member(room_id, "me")),
    setLevel: (room_id, level) => put(member(room_id, "me"), { level }),
    addMember: (room_id, user_id) => post(room(room_id, "/members"), { user_id }),
    removeMember: (room_id, user_id) => remove(member(room_id, user_id)),
    setRole: (room_id, user_id, role) => patch(member(room_id, user_id), { role }),
    messages: (room_id, asked = {}) => get(room(room_id, `/messages${query(asked)}`)),
    since: (room_id, since_rev) => get(room(room_id, `/messages${query({ since_rev })}`)),
    message: (room_id, message_id) => get(message(room_id, message_id)),
    edit: (room_id, message_id, content) => patch(message(room_id, message_id), { content }),
    remove: (room_id, message_id) => remove(message(room_id, message_id)),
    presence: (room_id) => get(room(room_id, "/presence")),
    get,
    post,
    put,
    patch,
    delete: remove,
  };
}

function query(fields: Readonly<Record<string, string | number | undefined>>): string {
  const given = Object.entries(fields).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]]));
  return given.length === 0 ? "" : `?${new URLSearchParams(given)}`;
}
