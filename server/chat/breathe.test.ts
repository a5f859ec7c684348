/** Walks that grow with what is kept let others have the loop between their steps, though the database answers within one turn. */
import { afterEach, beforeEach, expect, test } from "bun:test";
import { eq } from "drizzle-orm";
import { pieces } from "../testing/uploads.ts";
import { type World, world } from "../testing/world.ts";
import { eraseUser } from "./erasure.ts";
import { exportMine } from "./export.ts";
import { sweepFiles } from "./file-sweep.ts";
import { uploadFile } from "./files.ts";

const LAST_SEQ = 40_000;
let here: World;
beforeEach(async () => void (here = await world()));
afterEach(() => here.dispose());

/** How often somebody else's turn came while this was done. */
async function turnsDuring(work: () => Promise<unknown>): Promise<number> {
  const state = { turns: -1, over: false };
  const turn = (): void => {
    state.turns += 1;
    if (!state.over) setImmediate(turn);
  };
  turn();
  await work();
  state.over = true;
  return state.turns;
}

test("while a long room is taken along, or looked through for what somebody wrote, others get their turn at each step", async () => {
  const { chat, ann, bob, room } = here;
  const { rooms } = chat.store.t;
  await chat.store.write((tx) => tx.update(rooms).set({ last_seq: LAST_SEQ }).where(eq(rooms.id, room.id)));
  const taken = await turnsDuring(async () => {
    for await (const _ of await exportMine(chat, bob));
  });
  expect(taken).toBeGreaterThanOrEqual(LAST_SEQ / 2_000);
  const erased = await turnsDuring(() => eraseUser(chat, ann, { user_id: bob.user_id, messages: "remove" }));
  expect(erased).toBeGreaterThanOrEqual(LAST_SEQ / 5_000);
});

test("what was to be told to somebody who is erased goes, however much it is, and nobody else's does", async () => {
  const { chat, ann, bob, cy } = here;
  const { deliveries } = chat.store.t;
  const owed = { courier: "user" as const, event: "notification", room_id: null, subject_id: "n", detail: null, state: "pending" as const };
  const rest = { attempts: 0, due_at: 0, last_attempt_at: null, last_status: null, last_error: null, settled_at: null, created_at: 0 };
  const rows = Array.from({ length: 1_201 }, (_, i) => ({
    ...owed,
    ...rest,
    tenant_id: bob.tenant_id,
    id: `d${i}`,
    target_id: i < 1_200 ? bob.user_id : cy.user_id,
  }));
  for (let from = 0; from < rows.length; from += 400) await chat.store.write((tx) => tx.insert(deliveries).values(rows.slice(from, from + 400)));
  await eraseUser(chat, ann, { user_id: bob.user_id, messages: "keep" });
  expect((await chat.store.read.select({ target_id: deliveries.target_id }).from(deliveries)).map((row) => row.target_id)).toEqual([cy.user_id]);
});

test("the sweep of files gives others their turn", async () => {
  const { chat, bob, room } = here;
  await uploadFile(chat, bob, { room_id: room.id, name: "note.txt", length: null }, pieces("kept"));
  expect(await turnsDuring(() => sweepFiles(chat))).toBeGreaterThanOrEqual(1);
});
