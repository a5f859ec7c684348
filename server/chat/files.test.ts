import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { open } from "node:fs/promises";
import { createDepot } from "../files/depot.ts";
import { fileActs } from "../testing/files.ts";
import { jpegOf, pngClaiming, pngOf } from "../testing/pictures.ts";
import { refusedWith } from "../testing/refusals.ts";
import { onDisk } from "../testing/uploads.ts";
import { draftFor, type World, world } from "../testing/world.ts";
import { discardFile, findFile, uploadFile } from "./files.ts";
import { addMember, removeMember } from "./membership.ts";
import { editMessage, getMessage, pageMessages, postMessage } from "./messages.ts";
import type { Principal } from "./principal.ts";
import { Refusal } from "./refusal.ts";
import { sweepFiles } from "./file-sweep.ts";
import { patchUser } from "./users.ts";
import { archiveRoom, createRoom, patchRoom } from "./rooms.ts";
import { endSignIn } from "./sign-ins.ts";

let here: World;
beforeEach(async () => void (here = await world()));
afterEach(() => here.dispose());

const { upload, post, textOf, rowsLeft } = fileActs(() => here);

test("bob's file goes with his message, whose row tells it, to whoever can read that message and nobody else", async () => {
  const { chat, ann, bob, cy, mallory } = here;
  const file = await upload(bob, "of the tide", { name: "tide.txt" });
  expect(file).toMatchObject({ name: "tide.txt", type: "text/plain", bytes: 11, room_id: here.room.id });
  expect(await textOf(bob, file.id)).toBe("of the tide");
  for (const other of [ann, cy, mallory]) expect(await refusedWith(findFile(chat, other, { file_id: file.id }))).toBe("not_found");
  const { message } = await post(bob, [file.id]);
  expect(message).toMatchObject({ content: "", files: [{ id: file.id, name: "tide.txt", type: "text/plain", bytes: 11 }] });
  expect((await pageMessages(chat, ann, { room_id: here.room.id })).items.at(-1)).toEqual(
    (await getMessage(chat, ann, { room_id: here.room.id, message_id: message.id })).message,
  );
  for (const reader of [ann, bob]) expect(await textOf(reader, file.id)).toBe("of the tide");
  for (const other of [cy, mallory]) expect(await refusedWith(findFile(chat, other, { file_id: file.id }))).toBe("not_found");
  await removeMember(chat, ann, { room_id: here.room.id, user_id: bob.user_id });
  expect(await refusedWith(findFile(chat, bob, { file_id: file.id }))).toBe("not_found");
  expect(await textOf(ann, file.id)).toBe("of the tide");
});

describe("a post takes only files that are its sender's own, of this room and in no message:", () => {
  const wrong: Record<string, () => Promise<string[]>> = {
    "ann's": async () => [(await upload(here.ann, "hers")).id],
    "one of another room": async () => {
      const { room } = await createRoom(here.chat, here.bob, { type: "channel", name: "other", visibility: "private" });
      return [(await upload(here.bob, "there", { room_id: room.id })).id];
    },
    "one that is in a message": async () => {
      const { id } = await upload(here.bob, "once");
      await post(here.bob, [id]);
      return [id];
    },
    "the same one twice": async () => Array(2).fill((await upload(here.bob, "once")).id),
    "one that was taken back": async () => {
      const { id } = await upload(here.bob, "back");
      await discardFile(here.chat, here.bob, { file_id: id });
      return [id];
    },
    "one that is nowhere, beside one that is there": async () => [(await upload(here.bob, "there")).id, "nowhere"],
  };
  for (const [name, make] of Object.entries(wrong))
    test(name, async () => {
      const ids = await make();
      const before = await pageMessages(here.chat, here.bob, { room_id: here.room.id });
      expect(await refusedWith(post(here.bob, ids, "with"))).toBe("invalid files");
      expect((await pageMessages(here.chat, here.bob, { room_id: here.room.id })).last_seq).toBe(before.last_seq);
    });

  test("and its own it does take, two of them in their order; without any an empty text is refused", async () => {
    const ids = [(await upload(here.bob, "one")).id, (await upload(here.bob, "two")).id].reverse();
    const { message } = await post(here.bob, ids);
    expect("files" in message && message.files?.map(({ id }) => id)).toEqual(ids);
    expect(await refusedWith(postMessage(here.chat, here.bob, draftFor(here.room, "")))).toBe("invalid content");
  });
});

test("two posts in one turn that name the same file: one has it, the other is refused", async () => {
  const { id } = await upload(here.bob, "one");
  const answers = await Promise.allSettled([post(here.bob, [id], "a"), post(here.bob, [id], "b")]);
  expect(answers.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
});

test("a post with files that is sent again is answered with the same row", async () => {
  const { id } = await upload(here.bob, "one");
  const draft = draftFor(here.room, "", { files: [id] });
  const first = await postMessage(here.chat, here.bob, draft);
  expect(await postMessage(here.chat, here.bob, draft)).toEqual({ ...first, duplicate: true });
});

test("the text beside files may be edited away, and the files stay", async () => {
  const { id } = await upload(here.bob, "one");
  const { message } = await post(here.bob, [id], "look");
  expect(await editMessage(here.chat, here.bob, { room_id: here.room.id, message_id: message.id, content: "" })).toMatchObject({
    content: "",
    files: [{ id }],
  });
});

describe("an upload that is refused leaves nothing behind:", () => {
  const refused: Record<string, [code: string, () => Promise<unknown>]> = {
    "who is not in the room": ["not_found", () => upload(here.cy, "hers")],
    "another workspace": ["not_found", () => upload(here.mallory, "hers")],
    "who may not post, where only admins do": [
      "forbidden",
      async () => {
        await patchRoom(here.chat, here.ann, { room_id: here.room.id, posting: "admins" });
        expect((await upload(here.ann, "hers")).bytes).toBe(4);
        await here.chat.store.write((tx) => tx.update(here.chat.store.t.files).set({ removed_at: 1 }));
        await sweepFiles(here.chat);
        await upload(here.bob, "his");
      },
    ],
    "a room that is archived": [
      "archived",
      async () => {
        await archiveRoom(here.chat, here.ann, { room_id: here.room.id });
        await upload(here.bob, "late");
      },
    ],
    "announced too long, before a byte is read": [
      "too_large",
      () => uploadFile(here.chat, here.bob, { room_id: here.room.id, name: "", length: 10_000_001 }, { [Symbol.asyncIterator]: expect.unreachable }),
    ],
    "too long, and nobody said so": ["too_large", () => upload(here.bob, Buffer.alloc(10_000_001))],
    empty: ["invalid content-length", () => upload(here.bob, "")],
    "shorter than announced": ["bad_request", () => upload(here.bob, "short", { length: 6 })],
    "more than the workspace may keep": [
      "storage_full",
      async () => {
        Object.assign(here.chat.config, { storage_bytes: 4 });
        await upload(here.bob, "long", { length: 5 });
      },
    ],
    "a sign-in that ended while it came": [
      "unauthorized",
      () =>
        uploadFile(
          here.chat,
          here.bob,
          { room_id: here.room.id, name: "", length: null },
          (async function* () {
            yield Buffer.from("first");
            await endSignIn(here.chat, here.bob, here.bob.via);
            yield Buffer.from("last");
          })(),
        ),
    ],
    "a member who was put out while it came": [
      "not_found",
      () =>
        uploadFile(
          here.chat,
          here.bob,
          { room_id: here.room.id, name: "", length: null },
          (async function* () {
            yield Buffer.from("first");
            await removeMember(here.chat, here.ann, { room_id: here.room.id, user_id: here.bob.user_id });
          })(),
        ),
    ],
    "a line that breaks off": [
      "bad_request",
      () =>
        uploadFile(
          here.chat,
          here.bob,
          { room_id: here.room.id, name: "", length: 100 },
          (async function* () {
            yield Buffer.from("first");
            throw new Refusal("bad_request");
          })(),
        ),
    ],
  };
  for (const [name, [code, ask]] of Object.entries(refused))
    test(name, async () => {
      expect(await refusedWith(ask())).toBe(code);
      expect([onDisk(here.files), await rowsLeft()]).toEqual([[], 0]);
    });

  test("a full disk, at the first byte and at any other, and then there is room again", async () => {
    let left = 0;
    const opens: typeof open = async (...at) => {
      const file = await open(...at);
      const { writeFile } = file;
      return Object.assign(file, {
        writeFile: async (data: Uint8Array) => {
          if ((left -= data.length) < 0) throw Object.assign(new Error("no space"), { code: "ENOSPC" });
          await writeFile.call(file, data);
        },
      });
    };
    Object.assign(here.chat, { depot: createDepot({ folder: here.files, pixels: 50_000_000, newName: () => here.chat.newSecret(), opens }) });
    const picture = pngOf(300, 300);
    for (const room of [0, 1_500, picture.length, picture.length * 2 - 1]) {
      left = room;
      expect(await refusedWith(upload(here.bob, picture))).toBe("storage_full");
      expect([onDisk(here.files), await rowsLeft()]).toEqual([[], 0]);
    }
    left = picture.length * 2;
    expect((await upload(here.bob, picture)).width).toBe(300);
  });

  test("the ninth at once of one person", async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const begun = Array.from({ length: 8 }, () => Promise.withResolvers<void>());
    const slow = begun.map((mine) =>
      uploadFile(
        here.chat,
        here.bob,
        { room_id: here.room.id, name: "", length: null },
        (async function* () {
          mine.resolve();
          await promise;
          yield Buffer.from("slow");
        })(),
      ),
    );
    await Promise.all(begun.map((mine) => mine.promise));
    expect(await refusedWith(upload(here.bob, "ninth"))).toBe("rate_limited");
    expect(await refusedWith(upload(here.ann, "hers"))).toBe("not refused");
    resolve();
    await Promise.all(slow);
    expect(await refusedWith(upload(here.bob, "after"))).toBe("not refused");
  });
});

describe("a picture is one when it decodes, whatever it is called:", () => {
  test("its size, its preview and its bytes without their notes", async () => {
    const file = await upload(here.bob, await jpegOf(1_000, 900, { orientation: 6, notes: "48.8584N" }), { name: "../../etc/passwd" });
    expect(file).toMatchObject({ name: "passwd", type: "image/jpeg", width: 900, height: 1_000, preview: true });
    expect(await textOf(here.bob, file.id)).not.toContain("48.8584N");
    const small = new Bun.Image(await Bun.file((await findFile(here.chat, here.bob, { file_id: file.id, preview: true })).path).bytes());
    expect(await small.metadata()).toMatchObject({ format: "webp", width: 648, height: 720 });
  });

  const plain: Record<string, [Uint8Array | string, string]> = {
    "SVG called a picture": ["<svg xmlns='http://www.w3.org/2000/svg' onload='canary()'/>", "text/plain"],
    "HTML called a picture": ["<html><script>canary()</script>", "text/plain"],
    "a header of 100,000 pixels": [pngClaiming(100_000, 100_000), "image/png"],
    "a header that lies": [pngClaiming(4_000, 4_000), "image/png"],
    "a picture that is cut off": [pngOf(300, 300).subarray(0, 2_000), "image/png"],
    "the beginning of one": ["GIF89a=1;alert(1)", "image/gif"],
  };
  for (const [name, [bytes, type]] of Object.entries(plain))
    test(`${name} is a download like any other`, async () => {
      const file = await upload(here.bob, bytes, { name: "nice.png" });
      expect([file.type, file.width, file.preview]).toEqual([type, undefined, undefined]);
      expect((await findFile(here.chat, here.bob, { file_id: file.id })).is_picture).toBe(false);
    });
});

test("a name is the last part of a path, without what turns text around, and never empty", async () => {
  const names = ["C:\\tmp\\..\\evil.exe", "..", "a\u202Egpj.exe", "", "x".repeat(400) + ".jpeg", "ü 猫.png", "a\0b\nc"];
  const told = await Promise.all(names.map(async (name, i) => (await upload(here.bob, `${i}`, { name })).name));
  expect(told).toEqual(["evil.exe", "file", "agpj.exe", "file", `${"x".repeat(194)}….jpeg`, "ü 猫.png", "abc"]);
});

test("an admin who is made a member while a file comes for an announcement channel brings none", async () => {
  const { chat, ann, bob, room } = here;
  const dan = await here.person("tenant-one", "dan", "admin");
  await addMember(chat, ann, { room_id: room.id, user_id: dan.user_id });
  await patchRoom(chat, ann, { room_id: room.id, posting: "admins" });
  const bring = (who: Principal, role: "member" | "admin") =>
    uploadFile(
      chat,
      who,
      { room_id: room.id, name: "note.txt", length: null },
      (async function* () {
        yield Buffer.from("a note");
        await patchUser(chat, ann, { user_id: dan.user_id, role });
      })(),
    );
  expect((await bring(dan, "admin")).name).toBe("note.txt");
  expect(await refusedWith(bring(dan, "member"))).toBe("forbidden");
  expect(await refusedWith(bring(bob, "member"))).toBe("forbidden");
});
