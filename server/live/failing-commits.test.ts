/** Commits that fail while everybody talks: what publishes too early is seen here, and not by killing the process. */
import { afterEach, beforeEach, expect, test } from "bun:test";
import { asc, eq } from "drizzle-orm";
import { StoreAway } from "../../db/faults.ts";
import type { Store } from "../../db/store.ts";
import { type House, house, type Seat } from "../testing/seat.ts";
import { draft } from "../testing/world.ts";

let here: House;
let failed = 0;
beforeEach(async () => void (here = await house()));
afterEach(() => here.dispose());

/** Every seventh work fails when all of it has run. */
function failEverySeventh(): void {
  const { store } = here.chat;
  let count = 0;
  failed = 0;
  const seventhFails = (): void => {
    count += 1;
    if (count % 7 !== 0) return;
    failed += 1;
    throw new StoreAway("this commit fails");
  };
  const write: typeof store.write = (work) =>
    store.write(async (tx) => {
      const outcome = await work(tx);
      seventhFails();
      return outcome;
    });
  const atOnce: Store["once"] = async (island, values) => {
    seventhFails();
    return (await store.once?.(island, values)) ?? [];
  };
  Object.assign(here.chat, { store: { ...store, write, ...(store.once && { once: atOnce }) } });
}

test("while every seventh commit fails, what is heard is what is stored, each post once, and each reply holds", async () => {
  const seats = [await here.seat(here.ann), await here.seat(here.bob)] as const;
  const listener = await here.seat(here.bob);
  failEverySeventh();
  const replied = (await Promise.all(seats.map((seat, i) => sayAll(seat, `poster ${i}`)))).flat();
  await Promise.all([...seats, listener].map((seat) => seat.until("the end")));
  const { messages } = here.chat.store.t;
  const rows = await here.chat.store.read.select().from(messages).where(eq(messages.room_id, here.room.id)).orderBy(asc(messages.seq));
  const stored = rows.map(({ seq, id, content }) => `${seq} ${id} ${content}`);
  expect(rows.map(({ seq }) => seq)).toEqual(rows.map((_row, i) => i + 1));
  expect(new Set(rows.map(({ content }) => content)).size).toBe(rows.length);
  for (const seat of [...seats, listener]) {
    const heard = (await seat.heard("message")).map(({ message }) => `${message.seq} ${message.id} ${message.content}`);
    expect(heard).toEqual(stored);
  }
  expect(replied.toSorted()).toEqual(stored.toSorted());
  expect(failed).toBeGreaterThan(4);
}, 30_000);

/** A hundred and twenty posts, a few at a time; what is refused is said again by the same client_id. Gives what was replied. */
async function sayAll(seat: Seat, name: string): Promise<string[]> {
  const replied: string[] = [];
  const say = async (content: string): Promise<void> => {
    const frame = { type: "message", room_id: here.room.id, ...draft(content) } as const;
    for (;;) {
      const answer = await seat.ask(frame);
      if (answer.type === "error") expect([answer.code, answer.retry]).toEqual(["unavailable", true]);
      else if (answer.message) return void replied.push(`${answer.message.seq} ${answer.message.id} ${content}`);
    }
  };
  for (let i = 0; i < 120; i += 3) await Promise.all([0, 1, 2].map((k) => say(`${name}: ${i + k}`)));
  if (name === "poster 0") await say("the end");
  return replied;
}
