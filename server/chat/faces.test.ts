import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { earOf } from "../testing/ear.ts";
import { fileActs } from "../testing/files.ts";
import { jpegOf, pngClaiming, pngOf, profiledPng } from "../testing/pictures.ts";
import { refusedWith } from "../testing/refusals.ts";
import { onDisk, pieces } from "../testing/uploads.ts";
import { draftFor, type World, world } from "../testing/world.ts";
import { eraseUser } from "./erasure.ts";
import { exportMine } from "./export.ts";
import { removeFace, setFace } from "./faces.ts";
import { findFile } from "./files.ts";
import { sweepFiles } from "./file-sweep.ts";
import { findLogo, removeLogo, setLogo } from "./logos.ts";
import { pageMessages, postMessage } from "./messages.ts";
import type { Principal } from "./principal.ts";
import { endSignIn } from "./sign-ins.ts";
import { getMe, getUser, patchUser } from "./users.ts";

const DAY_MS = 86_400_000;
let here: World;
beforeEach(async () => void (here = await world()));
afterEach(() => here.dispose());

const brought = (bytes: Uint8Array | string, length: number | null = null) => ({ length, body: pieces(bytes) });
const show = async (who: Principal, bytes: Uint8Array | string = pngOf(30, 20)): Promise<string> =>
  (await setFace(here.chat, who, brought(bytes))).avatar_id ?? expect.unreachable();
const pixels = async (path: string) => {
  const picture = new Bun.Image(await Bun.file(path).bytes());
  const { width, height, format } = await picture.metadata();
  return [format, width, height];
};
const { rowsLeft } = fileActs(() => here);

test("bob's picture is cut square and small, told wherever his name is, and read by everybody of his workspace and nobody else", async () => {
  const { chat, ann, bob, cy, mallory, room } = here;
  const secret = "48.8584N 2.2945E";
  const file_id = await show(bob, await jpegOf(600, 400, { orientation: 6, notes: secret }));
  await postMessage(chat, bob, draftFor(room, "it is me"));
  expect((await getUser(chat, ann, { user_id: bob.user_id })).avatar_id).toBe(file_id);
  expect((await pageMessages(chat, ann, { room_id: room.id })).users.map(({ avatar_id }) => avatar_id)).toEqual([file_id]);
  expect((await getUser(chat, bob, { user_id: ann.user_id })).avatar_id).toBeUndefined();
  for (const reader of [ann, bob, cy]) {
    const { path, is_picture, is_lasting, type } = await findFile(chat, reader, { file_id });
    expect([is_picture, is_lasting, type, ...(await pixels(path))]).toEqual([true, true, "image/webp", "webp", 256, 256]);
    expect(await Bun.file(path).text()).not.toContain(secret);
  }
  expect(await refusedWith(findFile(chat, mallory, { file_id }))).toBe("not_found");
  expect(onDisk(here.files).length).toBe(1); // of what was brought nothing else is kept
});

test("another picture is another file, told to his rooms at once; the one before is gone, and so is the last when he takes it away", async () => {
  const { chat, ann, bob, room } = here;
  const ear = earOf(chat);
  const told = () =>
    ear.notices.flatMap((notice) =>
      "frame" in notice && notice.frame.type === "user" && "room_id" in notice.to ? [[notice.to.room_id, notice.frame.user.avatar_id]] : [],
    );
  const one = await show(bob);
  const two = await show(bob, pngOf(40, 40));
  expect(await refusedWith(findFile(chat, ann, { file_id: one }))).toBe("not_found");
  expect([await rowsLeft(), onDisk(here.files).length]).toEqual([1, 1]);
  expect((await removeFace(chat, bob)).avatar_id).toBeUndefined();
  await removeFace(chat, bob); // of what is not there nobody is told
  expect(told()).toEqual([one, two, undefined].map((id) => [room.id, id]));
  expect([await rowsLeft(), onDisk(here.files)]).toEqual([0, []]);
});

test("two at once leave one of them, and its bytes alone", async () => {
  const { chat, bob } = here;
  await Promise.all([show(bob, pngOf(30, 30)), show(bob, pngOf(50, 50)), show(bob, pngOf(70, 70))]);
  const { avatar_id = "" } = await getMe(chat, bob);
  expect((await findFile(chat, bob, { file_id: avatar_id })).is_picture).toBe(true);
  expect([await rowsLeft(), onDisk(here.files).length]).toEqual([1, 1]);
});

test("the same picture of two people is kept once, and stays with the other", async () => {
  const { chat, ann, bob } = here;
  const [anns] = [await show(ann), await show(bob)];
  expect(onDisk(here.files).length).toBe(1);
  await removeFace(chat, bob);
  expect((await findFile(chat, bob, { file_id: anns })).is_picture).toBe(true);
});

describe("a picture that is refused leaves nothing behind, and the one before in its place:", () => {
  const refused: Record<string, [code: string, () => Promise<unknown>]> = {
    "a text": ["invalid picture", () => show(here.bob, "<svg onload='canary()'/>")],
    "half a picture": ["invalid picture", () => show(here.bob, pngOf(90, 90).subarray(0, 400))],
    "a header of 100,000 pixels": ["invalid picture", () => show(here.bob, pngClaiming(100_000, 100_000))],
    "hardly a picture, and a profile of its colours of a megabyte": ["invalid picture", () => show(here.bob, profiledPng(1 << 20))],
    empty: ["invalid content-length", () => setFace(here.chat, here.bob, brought("", 0))],
    "announced too long, before a byte is read": [
      "too_large",
      () => setFace(here.chat, here.bob, { length: 16_000_001, body: { [Symbol.asyncIterator]: expect.unreachable } }),
    ],
    "another length than announced": ["bad_request", () => setFace(here.chat, here.bob, brought(pngOf(9, 9), 9))],
    "more than the workspace may keep": [
      "storage_full",
      () => {
        Object.assign(here.chat.config, { storage_bytes: 1 });
        return show(here.bob);
      },
    ],
    "a sign-in that ended while it came": [
      "unauthorized",
      () =>
        setFace(here.chat, here.bob, {
          length: null,
          body: (async function* () {
            yield* pieces(pngOf(30, 30));
            await endSignIn(here.chat, here.bob, here.bob.via);
          })(),
        }),
    ],
  };
  for (const [name, [code, ask]] of Object.entries(refused))
    test(name, async () => {
      const before = await show(here.bob, pngOf(20, 20));
      expect(await refusedWith(ask())).toBe(code);
      expect((await getUser(here.chat, here.ann, { user_id: here.bob.user_id })).avatar_id).toBe(before);
      expect([await rowsLeft(), onDisk(here.files).length]).toEqual([1, 1]);
    });
});

test("who is erased while their picture comes leaves none; of who is erased later it goes at once", async () => {
  const { chat, ann, bob } = here;
  const { takeSmall } = chat.depot;
  await show(bob);
  Object.assign(chat.depot, {
    takeSmall: async (...asked: Parameters<typeof takeSmall>) => {
      const taken = await takeSmall(...asked);
      return taken && { ...taken, place: () => eraseUser(chat, ann, { user_id: bob.user_id, messages: "keep" }).then(() => taken.place()) };
    },
  });
  expect(await refusedWith(show(bob, pngOf(60, 60)))).toBeOneOf(["unauthorized", "not_found"]);
  expect((await getUser(chat, ann, { user_id: bob.user_id })).avatar_id).toBeUndefined();
  await sweepFiles(chat);
  expect([await rowsLeft(), onDisk(here.files)]).toEqual([0, []]);
});

test("what never came to its place is swept a day later; what has one stays for ever", async () => {
  const { chat, ann, bob, clock } = here;
  const kept = await show(bob);
  const logo_id = (await setLogo(chat, ann, brought(pngOf(90, 30)))).logo_id ?? "";
  const { takeSmall } = chat.depot;
  Object.assign(chat.depot, {
    takeSmall: async (...asked: Parameters<typeof takeSmall>) => {
      const taken = await takeSmall(...asked);
      return taken && { ...taken, place: () => taken.place().then(() => Promise.reject(new Error("the process ends here"))) };
    },
  });
  await expect(show(ann, pngOf(60, 60))).rejects.toThrow("ends here");
  expect([await rowsLeft(), onDisk(here.files).length]).toEqual([3, 3]);
  clock.advance(DAY_MS + 1);
  await sweepFiles(chat);
  expect([await rowsLeft(), onDisk(here.files).length]).toEqual([2, 2]);
  for (const file_id of [kept, logo_id]) expect((await findFile(chat, bob, { file_id })).is_picture).toBe(true);
});

test("bob takes his picture along, and not ann's", async () => {
  const { chat, ann, bob } = here;
  const [, bobs] = [await show(ann), await show(bob, pngOf(50, 50))];
  let text = "";
  for await (const piece of await exportMine(chat, bob)) text += piece;
  const lines = text
    .trimEnd()
    .split("\n")
    .map((line): Record<string, unknown> => JSON.parse(line));
  const { path } = await findFile(chat, bob, { file_id: bobs });
  const base64 = (await Bun.file(path).bytes()).toBase64();
  expect(lines.filter(({ type }) => type === "picture")).toEqual([{ type: "picture", id: bobs, media_type: "image/webp", base64 }]);
});

test("who runs the workspace takes a picture away, also of who is kept out; nobody else does, and an owner's only an owner", async () => {
  const { chat, ann, bob, cy, mallory, person } = here;
  const dan = await person("tenant-one", "dan", "admin");
  const [anns, bobs] = [await show(ann), await show(bob, pngOf(40, 40))];
  for (const [who, user_id, code] of [
    [cy, bob.user_id, "forbidden"],
    [mallory, bob.user_id, "not_found"],
    [dan, ann.user_id, "forbidden"],
  ] as const)
    expect(await refusedWith(patchUser(chat, who, { user_id, avatar_id: null }))).toBe(code);
  await patchUser(chat, dan, { user_id: bob.user_id, banned: true });
  expect((await patchUser(chat, dan, { user_id: bob.user_id, avatar_id: null })).avatar_id).toBeUndefined();
  expect((await getUser(chat, cy, { user_id: bob.user_id })).avatar_id).toBeUndefined();
  expect(await refusedWith(findFile(chat, cy, { file_id: bobs }))).toBe("not_found");
  expect((await findFile(chat, cy, { file_id: anns })).is_picture).toBe(true);
  expect([await rowsLeft(), onDisk(here.files).length]).toEqual([1, 1]);
});

test("who is deactivated keeps theirs, as their name, and may not change it", async () => {
  const { chat, ann, bob } = here;
  const kept = await show(bob);
  await patchUser(chat, ann, { user_id: bob.user_id, disabled: true });
  expect(await refusedWith(show(bob, pngOf(60, 60)))).toBe("unauthorized");
  expect((await getUser(chat, ann, { user_id: bob.user_id })).avatar_id).toBe(kept);
});

test("the logo is whole, its admins' to set, told to everybody beside the name, and goes when another comes or none is wanted", async () => {
  const { chat, ann, bob, mallory } = here;
  expect(await refusedWith(setLogo(chat, bob, brought(pngOf(90, 30))))).toBe("forbidden");
  expect(await refusedWith(removeLogo(chat, bob))).toBe("forbidden");
  const one = (await setLogo(chat, ann, brought(pngOf(900, 300)))).logo_id ?? "";
  const { path } = await findLogo(chat, { id: ann.tenant_id }, { file_id: one });
  expect(await pixels(path)).toEqual(["webp", 256, 85]);
  expect((await getMe(chat, bob)).logo_id).toBe(one);
  expect((await getMe(chat, mallory)).logo_id).toBeUndefined();
  expect(await refusedWith(findLogo(chat, { id: mallory.tenant_id }, { file_id: one }))).toBe("not_found");
  const face = await show(bob);
  expect(await refusedWith(findLogo(chat, { id: ann.tenant_id }, { file_id: face }))).toBe("not_found");
  const two = (await setLogo(chat, ann, brought(pngOf(30, 30)))).logo_id ?? "";
  expect(await refusedWith(findLogo(chat, { id: ann.tenant_id }, { file_id: one }))).toBe("not_found");
  expect((await removeLogo(chat, ann)).logo_id).toBeNull();
  expect(await refusedWith(findLogo(chat, { id: ann.tenant_id }, { file_id: two }))).toBe("not_found");
  expect([await rowsLeft(), onDisk(here.files).length]).toEqual([1, 1]); // bob's face
});

test("an admin who is made a member while the workspace's logo comes sets none; one who stays an admin does", async () => {
  const { chat, ann } = here;
  const dan = await here.person("tenant-one", "dan", "admin");
  const meanwhile = (role: "member" | "admin") => ({
    length: null,
    body: (async function* () {
      yield* pieces(pngOf(90, 30));
      await patchUser(chat, ann, { user_id: dan.user_id, role });
    })(),
  });
  const logo_id = (await setLogo(chat, dan, meanwhile("admin"))).logo_id ?? expect.unreachable();
  expect(await refusedWith(setLogo(chat, dan, meanwhile("member")))).toBe("forbidden");
  expect(await pixels((await findLogo(chat, { id: dan.tenant_id }, { file_id: logo_id })).path)).toEqual(["webp", 90, 30]);
});
