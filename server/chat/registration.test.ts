import { afterEach, beforeEach, expect, test } from "bun:test";
import { earOf } from "../testing/ear.ts";
import { refusalOf } from "../testing/refusals.ts";
import { draftFor, type World, world } from "../testing/world.ts";
import type { Chat } from "./chat.ts";
import { createInvite } from "./invites.ts";
import { listMembers } from "./members.ts";
import { postMessage } from "./messages.ts";
import { register } from "./registration.ts";
import { createRoom, patchRoom } from "./rooms.ts";
import { patchConfig } from "./tenant-config.ts";
import { type Tenant, tenantOf } from "./tenants.ts";
import { patchUser } from "./users.ts";

const password = "a long enough one";
let here: World;
beforeEach(async () => void (here = await world()));
afterEach(() => here.dispose());

const harbour = async (): Promise<Tenant> => (await tenantOf(here.chat, "")) ?? expect.unreachable("the first workspace");
const come = async (username: string, code?: string, held: Chat = here.chat) =>
  register(held, await harbour(), { username, password, ...(code !== undefined && { code }) }, { address: `10.0.0.1 ${username}` });
const general = async (visibility: "public" | "private" = "public") =>
  (await createRoom(here.chat, here.ann, { type: "channel", name: "General", visibility })).room;
const namesIn = async (room_id: string): Promise<string[]> =>
  (await listMembers(here.chat, here.ann, { room_id })).items.map(({ user }) => user.display_name).toSorted();

test("who comes is in general from the very commit that makes them: nothing that ends the process leaves them in no room", async () => {
  const { chat, ann } = here;
  const { id: room_id } = await general();
  await patchConfig(chat, ann, { registration: "open" });
  let commits = 0;
  const write: typeof chat.store.write = (work) => {
    commits += 1;
    return commits === 1 ? chat.store.write(work) : new Promise(() => {}); // the process is no more
  };
  const killed = come("dee", undefined, { ...chat, store: { ...chat.store, write } });
  await Promise.race([killed, Bun.sleep(2_000)]);
  expect([commits, await namesIn(room_id)]).toEqual([1, ["ann", "dee"]]);
});

test("the room hears of who comes, and they of the room; a name that is taken, and an invitation that ends meanwhile, leave nobody there", async () => {
  const { chat, ann } = here;
  const { id: room_id } = await general();
  const { code } = await createInvite(chat, ann, { role: "member", expires_in_seconds: 3_600, max_uses: 1 });
  const ear = earOf(chat);
  const joined: string[] = [];
  chat.hooks.bind("member.joined", ({ member }) => void joined.push(member.user_id));
  const dee = await come("dee", code);
  expect(ear.rows.filter((row) => row.type === "member").map(({ member }) => member.user_id)).toEqual([dee.id]);
  await Bun.sleep(0);
  expect(joined).toEqual([dee.id]);
  expect([await refusalOf(come("eve", code)), await refusalOf(come("eve"))]).toEqual(["forbidden", "forbidden"]);
  await patchConfig(chat, ann, { registration: "open" });
  expect(await refusalOf(come("Dee"))).toBe("conflict");
  expect(await namesIn(room_id)).toEqual(["ann", "dee"]);
});

test("where general is archived, private or not there, who comes is in no room, and comes", async () => {
  const { chat, ann } = here;
  await patchConfig(chat, ann, { registration: "open" });
  await come("dee");
  const { id: room_id } = await general();
  await patchRoom(chat, ann, { room_id, visibility: "private" });
  await come("eve");
  await patchRoom(chat, ann, { room_id, visibility: "public", archived: true });
  await come("fay");
  expect(await namesIn(room_id)).toEqual(["ann"]);
  await patchRoom(chat, ann, { room_id, archived: false });
  await come("gil");
  expect(await namesIn(room_id)).toEqual(["ann", "gil"]);
});

test("many who come at once, while others post there and some are banned, all come in", async () => {
  const { chat, ann } = here;
  const { id: room_id } = await general();
  const codes = await Promise.all(
    Array.from({ length: 3 }, () => createInvite(chat, ann, { role: "member", expires_in_seconds: 3_600, max_uses: 100 })),
  );
  const people = await Promise.all(Array.from({ length: 12 }, (_, i) => here.person("tenant-one", `guest${i}`)));
  const all = await Promise.all([
    ...Array.from({ length: 12 }, (_, i) => come(`newcomer${i}`, codes[i % 3]?.code)),
    ...Array.from({ length: 12 }, (_, i) => postMessage(chat, ann, draftFor({ id: room_id }, `post ${i}`))),
    ...people.map(({ user_id }) => patchUser(chat, ann, { user_id, banned: true })),
  ]);
  expect(all).toHaveLength(36);
  expect(await namesIn(room_id)).toHaveLength(13);
});
