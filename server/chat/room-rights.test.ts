/** Each deed of the table, done by each standing that there is: the verbs do what it says, and docs/security-model.md prints it. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { join } from "node:path";
import { eq } from "drizzle-orm";
import type { Role } from "../protocol.ts";
import { draftFor, type World, world } from "../testing/world.ts";
import { addMember, leaveRoom, removeMember, setMemberRole } from "./membership.ts";
import { editMessage, pageMessages, postMessage, removeMessage } from "./messages.ts";
import { pinMessage, unpinMessage } from "./pins.ts";
import type { Principal } from "./principal.ts";
import { react } from "./reactions.ts";
import { Refusal } from "./refusal.ts";
import { type Deed, roomRights, type Standing } from "./room-rights.ts";
import { createRoom, patchRoom } from "./rooms.ts";

let here: World;
let count = 0;
beforeAll(async () => void (here = await world()));
afterAll(() => here.dispose());

type People = { owner: Principal; who: Principal; other: Principal; stranger: Principal };
type Stage = People & { room: { id: string }; room_id: string };
const standings = ["owner", "admin", "member", "workspace"] as const;
const people = new Map<Standing, People>();
beforeAll(async () => {
  const { ann, bob, cy } = here;
  const [first, admin] = [await here.person("tenant-one", "first"), await here.person("tenant-one", "dan", "admin")];
  people.set("owner", { owner: first, who: first, other: bob, stranger: cy });
  people.set("workspace", { owner: first, who: admin, other: bob, stranger: cy });
  for (const standing of ["admin", "member"] as const) people.set(standing, { owner: ann, who: bob, other: first, stranger: cy });
});

/** A channel of its own with its owner, somebody else, and the one who tries. */
async function stageFor(standing: Standing): Promise<Stage> {
  const cast = people.get(standing) ?? expect.unreachable();
  const user_ids = [...new Set([cast.other.user_id, cast.who.user_id])];
  const { room } = await createRoom(here.chat, cast.owner, { type: "channel", name: `${standing}-${(count += 1)}`, visibility: "private", user_ids });
  if (standing === "admin") await setMemberRole(here.chat, cast.owner, { room_id: room.id, user_id: cast.who.user_id, role: "admin" });
  return { ...cast, room, room_id: room.id };
}

const as = (stage: Stage, user: Principal, role: Role) =>
  setMemberRole(here.chat, stage.who, { room_id: stage.room_id, user_id: user.user_id, role });

const deeds: Record<Deed, (stage: Stage) => Promise<unknown>> = {
  "read it": ({ who, room_id }) => pageMessages(here.chat, who, { room_id }),
  post: ({ who, room }) => postMessage(here.chat, who, draftFor(room, "said")),
  "post where only admins post": async ({ owner, who, room }) => {
    await patchRoom(here.chat, owner, { room_id: room.id, posting: "admins" });
    await postMessage(here.chat, who, draftFor(room, "announced"));
  },
  "edit or remove a message of their own": async ({ who, room, room_id }) => {
    const { message } = await postMessage(here.chat, who, draftFor(room, "said"));
    await editMessage(here.chat, who, { room_id, message_id: message.id, content: "mended" });
    await removeMessage(here.chat, who, { room_id, message_id: message.id });
  },
  "leave it": ({ who, room_id }) => leaveRoom(here.chat, who, { room_id }),
  "bring somebody in": ({ who, room_id, stranger }) => addMember(here.chat, who, { room_id, user_id: stranger.user_id }),
  "react to a message": async ({ who, other, room, room_id }) => {
    const { message } = await postMessage(here.chat, other, draftFor(room, "theirs"));
    await react(here.chat, who, { room_id, message_id: message.id, emoji: "👍" });
  },
  "pin a message, or take the pin off": (stage) => pinned(stage),
  "pin a message where only admins post": async (stage) => {
    const { rooms } = here.chat.store.t;
    const { message } = await postMessage(here.chat, stage.owner, draftFor(stage.room, "announced"));
    await here.chat.store.write((tx) => tx.update(rooms).set({ posting: "admins" }).where(eq(rooms.id, stage.room_id)));
    await pinned(stage, message.id);
  },
  "remove a message of another's": async ({ who, other, room, room_id }) => {
    const { message } = await postMessage(here.chat, other, draftFor(room, "theirs"));
    await removeMessage(here.chat, who, { room_id, message_id: message.id });
  },
  "rename, describe, open, close or archive it, set its metadata, or say who posts": async ({ who, room_id }) => {
    const refused: unknown[] = [];
    for (const change of [
      { name: `renamed-${(count += 1)}` },
      { description: "d" },
      { visibility: "public" as const },
      { metadata: { a: 1 } },
      { posting: "admins" as const },
      { archived: true },
    ])
      await patchRoom(here.chat, who, { room_id, ...change }).catch((fault: unknown) => refused.push(fault));
    expect([0, 6]).toContain(refused.length);
    if (refused.length > 0) throw refused[0];
  },
  "put somebody out": ({ who, other, room_id }) => removeMember(here.chat, who, { room_id, user_id: other.user_id }),
  "make somebody an admin or a member": async (stage) => {
    await as(stage, stage.other, "admin");
    await as(stage, stage.other, "member");
  },
  "put its owner out": async (stage) => {
    if (stage.who === stage.owner) throw new Refusal("forbidden"); // they leave
    await removeMember(here.chat, stage.who, { room_id: stage.room_id, user_id: stage.owner.user_id });
  },
  "hand it over to another owner": (stage) => as(stage, stage.other, "owner"),
};

async function pinned({ who, other, room, room_id }: Stage, id?: string): Promise<void> {
  const message_id = id ?? (await postMessage(here.chat, other, draftFor(room, "theirs"))).message.id;
  await pinMessage(here.chat, who, { room_id, message_id });
  await unpinMessage(here.chat, who, { room_id, message_id });
}

describe("in a room, each standing may do what the table says, and is forbidden the rest:", () => {
  for (const deed of Object.keys(roomRights) as Deed[]) {
    test(deed, async () => {
      const may: Standing[] = [];
      for (const standing of standings) {
        const stage = await stageFor(standing);
        const outcome = await deeds[deed](stage).then(
          () => "done",
          (fault: unknown) => (fault instanceof Refusal ? fault.reason : fault),
        );
        if (outcome === "done") may.push(standing);
        else expect([standing, outcome]).toEqual([standing, "forbidden"]);
      }
      expect(new Set(may)).toEqual(new Set<Standing>(roomRights[deed]));
    });
  }
});

test("docs/security-model.md prints the table as it is", async () => {
  const page = await Bun.file(join(import.meta.dir, "../../docs/security-model.md")).text();
  const rows = (Object.keys(roomRights) as Deed[]).map((deed) => {
    const allowed: readonly Standing[] = roomRights[deed];
    return `| ${deed} | ${standings.map((standing) => (allowed.includes(standing) ? "yes" : "no")).join(" | ")} |`;
  });
  const printed = page.split("\n").filter((line) => /^\|.*\| (yes|no) \|$/u.test(line));
  expect(printed).toEqual(rows);
});
