import { afterEach, beforeEach, describe, expect, onTestFinished, test } from "bun:test";
import { readdirSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { beginReading } from "../files/reading.ts";
import { fileActs } from "../testing/files.ts";
import { pngOf } from "../testing/pictures.ts";
import { refusedWith } from "../testing/refusals.ts";
import { onDisk } from "../testing/uploads.ts";
import { draftFor, type World, world } from "../testing/world.ts";
import { eraseUser } from "./erasure.ts";
import { discardFile, findFile } from "./files.ts";
import { sweepFiles } from "./file-sweep.ts";
import { postMessage, removeMessage } from "./messages.ts";
import { retain } from "./retention.ts";
import { createRoom } from "./rooms.ts";

const DAY_MS = 86_400_000;
let here: World;
beforeEach(async () => void (here = await world()));
afterEach(() => here.dispose());

const { upload, post, textOf, rowsLeft } = fileActs(() => here);
const saidLongAgo = (): void => {
  const incoming = join(here.files, "incoming");
  for (const name of readdirSync(incoming)) utimesSync(join(incoming, name), 0, (Date.now() - 61_000) / 1_000);
};
const bytesLeft = (): number => onDisk(here.files).filter((path) => !path.startsWith("incoming/")).length;

describe("what nobody has any more leaves the disk:", () => {
  test("the bytes of a removed message, at once; its row tells no file, and nobody reads it", async () => {
    const { id } = await upload(here.bob, pngOf(900, 900));
    const { message } = await post(here.bob, [id]);
    expect(onDisk(here.files).length).toBe(2); // and its preview
    const removed = await removeMessage(here.chat, here.ann, { room_id: here.room.id, message_id: message.id });
    expect(removed.files).toBeUndefined();
    expect([onDisk(here.files), await rowsLeft()]).toEqual([[], 0]);
    expect(await refusedWith(findFile(here.chat, here.bob, { file_id: id }))).toBe("not_found");
  });

  test("but not while a backup reads them: then it is nobody's at once, and its bytes go with the next sweep", async () => {
    const { id } = await upload(here.bob, "gone");
    const { message } = await post(here.bob, [id]);
    const reading = await beginReading(here.files);
    saidLongAgo();
    await reading.renew();
    await removeMessage(here.chat, here.bob, { room_id: here.room.id, message_id: message.id });
    await sweepFiles(here.chat);
    expect(await refusedWith(findFile(here.chat, here.bob, { file_id: id }))).toBe("not_found");
    expect([bytesLeft(), await rowsLeft()]).toEqual([1, 1]);
    await reading.end();
    await sweepFiles(here.chat);
    expect([onDisk(here.files), await rowsLeft()]).toEqual([[], 0]);
  });

  test("and a backup that was killed keeps nothing for longer than a minute", async () => {
    const { id } = await upload(here.bob, "gone");
    const { message } = await post(here.bob, [id]);
    const { end } = await beginReading(here.files);
    onTestFinished(end);
    saidLongAgo();
    await removeMessage(here.chat, here.bob, { room_id: here.room.id, message_id: message.id });
    expect([bytesLeft(), await rowsLeft()]).toEqual([0, 0]);
  });

  test("but not what another message has too, and never what another workspace has", async () => {
    const { chat, bob, mallory } = here;
    const [one, two] = [await upload(bob, "the same"), await upload(bob, "the same")];
    const { room } = await createRoom(chat, mallory, { type: "channel", name: "hers", visibility: "private" });
    const hers = await upload(mallory, "the same", { room_id: room.id });
    expect(onDisk(here.files).length).toBe(2); // one in each workspace
    const { message } = await post(bob, [one.id]);
    await post(bob, [two.id]);
    await removeMessage(chat, bob, { room_id: here.room.id, message_id: message.id });
    expect(await textOf(bob, two.id)).toBe("the same");
    await discardFile(chat, mallory, { file_id: hers.id });
    expect(onDisk(here.files).length).toBe(1);
    expect(await textOf(bob, two.id)).toBe("the same");
  });

  test("what retention deletes", async () => {
    const { chat, ann, bob, clock } = here;
    const { id } = await upload(bob, "old");
    await post(bob, [id]);
    await chat.store.write((tx) => tx.update(chat.store.t.tenants).set({ config: { retention_days: 1 } }));
    clock.advance(2 * DAY_MS);
    await postMessage(chat, ann, draftFor(here.room, "new"));
    await retain(chat);
    expect([onDisk(here.files), await rowsLeft()]).toEqual([[], 0]);
  });

  test("those of somebody whose messages are removed with them", async () => {
    const { chat, ann, bob } = here;
    const { id } = await upload(bob, "his");
    await post(bob, [id]);
    await eraseUser(chat, ann, { user_id: bob.user_id, messages: "remove" });
    expect([onDisk(here.files), await rowsLeft()]).toEqual([[], 0]);
  });

  test("what was uploaded and not posted for a day; until then it waits", async () => {
    const { chat, bob, clock } = here;
    const kept = await upload(bob, "kept");
    await post(bob, [kept.id]);
    await upload(bob, "never posted");
    clock.advance(DAY_MS - 1);
    await sweepFiles(chat);
    expect(onDisk(here.files).length).toBe(2);
    clock.advance(2);
    await sweepFiles(chat);
    expect([bytesLeft(), await rowsLeft()]).toEqual([1, 1]);
    expect(await textOf(bob, kept.id)).toBe("kept");
  });

  test("what a removal left behind because the process ended in between", async () => {
    const { chat, bob } = here;
    const { id } = await upload(bob, "left");
    const { message } = await post(bob, [id]);
    const { remove } = chat.depot;
    Object.assign(chat.depot, { remove: () => Promise.reject(new Error("the process ends here")) });
    await removeMessage(chat, bob, { room_id: here.room.id, message_id: message.id });
    expect([here.faults.length, onDisk(here.files).length]).toEqual([1, 1]);
    expect(await refusedWith(findFile(chat, bob, { file_id: id }))).toBe("not_found");
    Object.assign(chat.depot, { remove });
    await sweepFiles(chat);
    expect([onDisk(here.files), await rowsLeft()]).toEqual([[], 0]);
  });
});

test("bytes that are brought again while they are being removed are there afterwards", async () => {
  const { chat, bob } = here;
  const old = await upload(bob, "both");
  const { message } = await post(bob, [old.id]);
  const { remove } = chat.depot;
  const again: string[] = [];
  Object.assign(chat.depot, {
    // the second look, when the bytes are aside already, finds whoever came in between
    remove: (tenant_id: string, hash: string, isWanted: () => Promise<boolean>) => {
      let looks = 0;
      return remove(tenant_id, hash, async () => {
        if ((looks += 1) === 2) again.push((await upload(bob, "both")).id);
        return isWanted();
      });
    },
  });
  await removeMessage(chat, bob, { room_id: here.room.id, message_id: message.id });
  expect(await textOf(bob, again[0] ?? "")).toBe("both");
});

test("wherever the process ends during an upload nothing is visible, and the sweep of a day later leaves nothing", async () => {
  const { chat, bob } = here;
  const picture = pngOf(800, 800);
  const ends = new Error("the process ends here");
  const steps: ((end: () => never) => void)[] = [
    (end) => Object.assign(chat.depot, { take: taking(end, "first byte") }),
    (end) => Object.assign(chat.depot, { take: taking(end, "taken") }),
    (end) => Object.assign(chat.depot, { take: taking(end, "placing") }),
    (end) => Object.assign(chat.depot, { take: taking(end, "placed") }),
  ];
  const { take } = chat.depot;
  type Step = "first byte" | "taken" | "placing" | "placed";
  const taking =
    (end: () => never, step: Step): typeof take =>
    async (tenant_id, body, most) => {
      if (step === "first byte") await Bun.write(join(here.files, "incoming", "cut-off"), picture.subarray(0, 100)).then(end);
      const taken = await take(tenant_id, body, most);
      const drop = async (): Promise<void> => {}; // a process that has ended tidies nothing
      if (step === "taken") end();
      return { ...taken, drop, place: async () => (step === "placing" ? end() : taken.place().then(end)) };
    };
  for (const [i, step] of steps.entries()) {
    step(() => {
      throw ends;
    });
    await expect(upload(bob, picture)).rejects.toBe(ends);
    for (const { id } of await chat.store.read.select().from(chat.store.t.files)) {
      expect(await refusedWith(findFile(chat, bob, { file_id: id }))).toBe("not_found");
      expect(await refusedWith(post(bob, [id]))).toBe("invalid files");
    }
    expect([i, onDisk(here.files).length > 0]).toEqual([i, true]);
    here.clock.advance(DAY_MS + 1);
    for (const name of onDisk(here.files)) utimesSync(join(here.files, name), 0, 0); // as old as they would be
    await sweepFiles(chat);
    expect([i, onDisk(here.files), await rowsLeft()]).toEqual([i, [], 0]);
  }
});
