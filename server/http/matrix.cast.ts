/** The eight who ask every route, and what they ask about: each question gets things of its own, so that no answer depends on the one before. */
import { createApiKey } from "../chat/api-keys.ts";
import type { Principal } from "../chat/principal.ts";
import { setFace } from "../chat/faces.ts";
import { uploadFile } from "../chat/files.ts";
import { createInvite } from "../chat/invites.ts";
import { setLogo } from "../chat/logos.ts";
import { postMessage } from "../chat/messages.ts";
import { notify } from "../chat/notifications.ts";
import { hashPassword } from "../chat/passwords.ts";
import { createRoom, patchRoom } from "../chat/rooms.ts";
import { saveMessage } from "../chat/saved.ts";
import { endSignIn, signIn } from "../chat/sign-ins.ts";
import { createTenant } from "../chat/tenancy.ts";
import { subscribe } from "../chat/subscriptions.ts";
import { tenantOf } from "../chat/tenants.ts";
import { pngOf } from "../testing/pictures.ts";
import { type DoorParts, type OpenDoor, openDoor, tokenOf } from "../testing/visitor.ts";
import { createWebhook } from "../chat/webhooks.ts";
import { draftFor, type World, world } from "../testing/world.ts";

export const PASSWORD = "correct horse matrix";
/** Stands in every text of the first workspace: none of it may reach who is not in it. */
export const CANARY = "kanarie-7f3a91";

export const askers = ["nobody", "mallory", "cy", "bob", "dan", "ann", "revoked", "expired"] as const;
export type Asker = (typeof askers)[number];

export type Cast = {
  world: World;
  open: OpenDoor;
  /** The right behind each asker; null for nobody. */
  whoIs: Record<Asker, Principal | null>;
  bearer(asker: Asker): Promise<string | null>;
  dispose(): Promise<void>;
};

/** ann owns the workspace, dan is its admin, bob and cy are members; all but cy are put into every room. mallory owns another workspace. */
export async function matrixCast(parts: DoorParts = {}): Promise<Cast> {
  const made = await world();
  const { ann, bob, cy, mallory, chat, clock } = made;
  const open = openDoor(made, parts);
  const dan = await made.person("tenant-one", "dan", "admin");
  const rob = await made.person("tenant-one", "rob");
  await endSignIn(chat, rob, { sign_in_id: rob.via.sign_in_id });
  await chat.store.write(async (tx) => void (await tx.update(chat.store.t.users).set({ password_hash: await hashed })));
  const whoIs = { nobody: null, mallory, cy, bob, dan, ann, revoked: rob, expired: bob };
  const expired = await tokenOf(open, bob, 1);
  clock.advance(2_000);
  return {
    world: made,
    open,
    whoIs,
    bearer: async (asker) => {
      const who = whoIs[asker];
      return asker === "expired" ? expired : who && tokenOf(open, who);
    },
    dispose: made.dispose,
  };
}

const hashed = hashPassword(PASSWORD, "a test");

export type Stage = ReturnType<typeof stageFor>;
let made = 0;

/** Things for one question of `asker`, each made when it is first asked for. */
export function stageFor({ world: { chat, ann, bob, person }, whoIs }: Cast, asker: Asker) {
  const number = (made += 1);
  const tom = once(() => person("tenant-one", `tom-${number}`));
  const room = once(async () => {
    const user_ids = [...new Set([bob, whoIs.dan, (await tom()) as Principal | null, asker === "revoked" ? whoIs.revoked : null])].flatMap(
      (who) => who?.user_id ?? [],
    );
    const channel = { type: "channel", name: `${CANARY}-${number}`, visibility: "private", description: CANARY, user_ids } as const;
    return (await createRoom(chat, ann, channel)).room.id;
  });
  const publicRoom = once(async () => {
    const channel = { type: "channel", name: `${CANARY}-open-${number}`, visibility: "public" } as const;
    return (await createRoom(chat, ann, channel)).room.id;
  });
  const message = async (sender: Principal) => (await postMessage(chat, sender, draftFor({ id: await room() }, `${CANARY} said`))).message.id;
  const bobs = once(() => message(bob));
  const upload = async (sender: Principal) => {
    const input = { room_id: await room(), name: `${CANARY}.png`, length: null };
    return (await uploadFile(chat, sender, input, oneChunk(PICTURE))).id;
  };
  return {
    number,
    /** Uploaded by bob, and in no message. */
    bobsUpload: once(() => upload(bob)),
    /** A picture in a message of bob's. */
    bobsFile: once(async () => {
      const id = await upload(bob);
      await postMessage(chat, bob, draftFor({ id: await room() }, CANARY, { files: [id] }));
      return id;
    }),
    tom: once(async () => (await tom()).user_id),
    /** The file that is tom's picture. */
    tomsFace: once(async () => (await setFace(chat, await tom(), { length: null, body: oneChunk(PICTURE) })).avatar_id ?? ""),
    /** The file that is the workspace's logo. */
    logo: once(async () => (await setLogo(chat, ann, { length: null, body: oneChunk(PICTURE) })).logo_id ?? ""),
    stranger: once(async () => (await person("tenant-one", `sue-${number}`)).user_id),
    room,
    publicRoom,
    bobs,
    /** A message that bob has saved. */
    bobsSaved: once(async () => {
      const message_id = await bobs();
      await saveMessage(chat, bob, { message_id });
      return message_id;
    }),
    /** The room, since only those who run it post there. */
    announced: once(async () => (await patchRoom(chat, ann, { room_id: await room(), posting: "admins" })).id),
    anns: once(() => message(ann)),
    /** Of the workspace of ann. Its name is in every answer that shows it. */
    key: once(() => createApiKey(chat, ann, { name: CANARY, scope: "server" })),
    /** Another tenant, of nobody's. */
    tenant: once(async () => (await createTenant(chat, { name: `${CANARY} ${number}` })).id),
    /** To bob. */
    notification: once(() =>
      notify(chat, ann, { topic: CANARY, payload: { said: CANARY }, targets: { user_ids: [bob.user_id] } }).then(
        ({ notification_id }) => notification_id,
      ),
    ),
    bobsSubscription: once(async () => (await subscribe(chat, bob, { topic: `${CANARY}-${number}` })).subscription.id),
    webhook: once(async () => (await createWebhook(chat, ann, { url: `https://${CANARY}.test/`, events: ["message.created"] })).id),
    deadLetter: once(async () => {
      const debt = { courier: "webhook", target_id: CANARY, event: "message.created", room_id: null, subject_id: CANARY } as const;
      const id = chat.newId();
      const dead = { state: "dead", attempts: 1, due_at: 0, settled_at: 0, created_at: 0 } as const;
      await chat.store.write((tx) => tx.insert(chat.store.t.deliveries).values({ ...debt, ...dead, id, tenant_id: ann.tenant_id }));
      return id;
    }),
    invite: once(() => createInvite(chat, ann, { role: "member", expires_in_seconds: 3_600, max_uses: 1 })),
    /** Another sign-in of the asker's own; of bob's for who has none. */
    signIn: once(async () => {
      const who = whoIs[asker] ?? bob;
      const tenant = await tenantOf(chat, who.tenant_id === "tenant-two" ? "elsewhere.test" : "localhost");
      if (!tenant) throw new Error("The cast has lost its workspace");
      return signIn(chat, tenant, { username: who.user_id.replace("-id", ""), password: PASSWORD }, { device: "another", address: "::1" });
    }),
  };
}

/** Wide enough to have a preview. */
const PICTURE = pngOf(1_000, 8);

async function* oneChunk(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

function once<R>(make: () => Promise<R>): () => Promise<R> {
  let making: Promise<R> | null = null;
  return () => (making ??= make());
}
