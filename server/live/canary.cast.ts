/** mallory's workspace, in which every string is marked, and which has the same names, ids and `client_id`s as ann's wherever it may. */
import { createApiKey } from "../chat/api-keys.ts";
import { eq } from "drizzle-orm";
import { acknowledge } from "../chat/acks.ts";
import { createInvite } from "../chat/invites.ts";
import { addMember, removeMember, setMemberRole } from "../chat/membership.ts";
import { editMessage, postMessage, removeMessage } from "../chat/messages.ts";
import { notify } from "../chat/notifications.ts";
import { noteTyping } from "../chat/presence.ts";
import type { Principal } from "../chat/principal.ts";
import { react } from "../chat/reactions.ts";
import { createRoom, patchRoom } from "../chat/rooms.ts";
import { saveMessage } from "../chat/saved.ts";
import { endSignIn } from "../chat/sign-ins.ts";
import { subscribe } from "../chat/subscriptions.ts";
import { patchMe } from "../chat/users.ts";
import type { ClientFrames, Room } from "../protocol.ts";
import type { World } from "../testing/world.ts";

export type Marked = {
  mark: string;
  /** Called as ann's room is, with bob's namesake in it; `square` is public, and its name is the mark. */
  quay: Room;
  square: Room;
  message_id: string;
  invite_id: string;
  sign_in_id: string;
  key_id: string;
  notification_id: string;
  subscription_id: string;
  /** Has the id and the username of bob. */
  twin: Principal;
  /** Has the mark for a username. */
  marked: Principal;
};

export const CLIENT_ID = "the-same-in-both";

export async function markedWorkspace({ chat, mallory, person }: World, mark: string): Promise<Marked> {
  const { t } = chat.store;
  const twin = await person("tenant-two", "bob");
  const marked = await person("tenant-two", mark, "admin");
  await chat.store.write(async (tx) => {
    await tx.update(t.tenants).set({ name: mark }).where(eq(t.tenants.id, "tenant-two"));
    await tx
      .update(t.users)
      .set({ display_name: `${mark} by name`, settings: { [mark]: mark } })
      .where(eq(t.users.tenant_id, "tenant-two"));
    await tx.update(t.sign_ins).set({ device: mark }).where(eq(t.sign_ins.tenant_id, "tenant-two"));
  });
  const user_ids = [twin.user_id, marked.user_id];
  const { room: quay } = await createRoom(chat, mallory, { type: "channel", name: "quay", visibility: "private", description: mark, user_ids });
  const { room: square } = await createRoom(chat, mallory, { type: "channel", name: mark, visibility: "public", description: mark });
  const draft = { room_id: quay.id, content: `${mark} @${mark}`, meta: { [mark]: [mark] } };
  const { message } = await postMessage(chat, twin, { ...draft, client_id: CLIENT_ID });
  await postMessage(chat, marked, { ...draft, client_id: mark, reply_to: message.id });
  const invite = await createInvite(chat, mallory, { role: "member", expires_in_seconds: 3_600, max_uses: 1 });
  const { notification_id } = await notify(chat, mallory, { topic: mark, payload: { [mark]: mark }, targets: { user_ids } });
  const { subscription } = await subscribe(chat, twin, { topic: mark });
  const subscription_id = subscription.id;
  const key = await createApiKey(chat, mallory, { name: mark, scope: "admin" });
  const ids = { message_id: message.id, invite_id: invite.id, sign_in_id: marked.via.sign_in_id, key_id: key.id, notification_id, subscription_id };
  return { mark, quay, square, ...ids, twin, marked };
}

/** What somebody of another workspace says to come at it: every frame type, each naming its things. */
export function snooping({ mark, quay, square, message_id, notification_id, marked }: Marked): { [K in keyof ClientFrames]: ClientFrames[K][] } {
  const places = [quay.id, square.id, mark, marked.user_id].map((room_id) => ({ room_id }));
  const draft = { client_id: CLIENT_ID, content: "hello @bob" };
  return {
    message: places.flatMap((place) => [
      { type: "message", ...place, ...draft },
      { type: "message", ...place, ...draft, reply_to: message_id },
    ]),
    edit: places.map((place) => ({ type: "edit", ...place, message_id, content: "mine" })),
    remove: places.map((place) => ({ type: "remove", ...place, message_id })),
    react: places.map((place) => ({ type: "react", ...place, message_id, emoji: "👍" })),
    unreact: places.map((place) => ({ type: "unreact", ...place, message_id, emoji: "👍" })),
    ack: places.map((place) => ({ type: "ack", ...place, seq: 1 })),
    typing: places.map((place) => ({ type: "typing", ...place, is_typing: true })),
    notification_ack: [notification_id, mark].map((id) => ({ type: "notification_ack", notification_id: id })),
    presence: [{ type: "presence", status: "active" }],
    sync: [
      { type: "sync", rooms: places.map(({ room_id }) => [room_id, 0]) },
      { type: "sync", epoch: "another", rooms: places.map(({ room_id }) => [room_id, 0]) },
      { type: "sync" },
    ],
    ping: [{ type: "ping" }],
    send_message: places.map((place) => ({ type: "send_message", ...place, content: "hello @bob" })),
    "typing.start": places.map((place) => ({ type: "typing.start", ...place })),
    "typing.stop": places.map((place) => ({ type: "typing.stop", ...place })),
  };
}

/** A day there: whatever is told to sockets happens, each with the mark in it. */
export async function day({ chat, mallory, person }: World, { mark, quay, twin, message_id }: Marked): Promise<void> {
  const room_id = quay.id;
  const guest = await person("tenant-two", `guest-${mark.slice(0, 8)}`);
  await addMember(chat, mallory, { room_id, user_id: guest.user_id });
  await setMemberRole(chat, mallory, { room_id, user_id: guest.user_id, role: "admin" });
  await postMessage(chat, guest, { room_id, content: `${mark} again`, client_id: `again-${mark.slice(0, 20)}` });
  await editMessage(chat, twin, { room_id, message_id, content: `${mark} mended` });
  await react(chat, twin, { room_id, message_id, emoji: "👍" });
  await saveMessage(chat, twin, { message_id });
  await noteTyping(chat, guest, { room_id, is_typing: true });
  await notify(chat, mallory, { topic: mark, payload: { [mark]: mark }, targets: { room_id, topic_subscribers: true } });
  await acknowledge(chat, twin, { room_id, seq: 3 });
  await removeMessage(chat, mallory, { room_id, message_id });
  await patchRoom(chat, mallory, { room_id, name: `quay ${mark}`, description: `${mark} by day` });
  await patchMe(chat, twin, { display_name: `${mark} by day` });
  await removeMember(chat, mallory, { room_id, user_id: guest.user_id });
  await endSignIn(chat, guest, { sign_in_id: guest.via.sign_in_id });
}
