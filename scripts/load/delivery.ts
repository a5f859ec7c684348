/** One sender and the hearers of one room. A post is delivered when *every* hearer has it; at the end what was heard is what was acknowledged. */
import { type Acked, audit } from "./audit.ts";
import { draftOf, numberOf } from "./draft.ts";
import type { Seat, Target } from "./job.ts";
import { type Posted, sit, sitAll } from "./seat.ts";
import { createStream } from "./stream.ts";

export type Delivery = {
  /** Posts now. `at` is when it should have been posted. */
  post(at?: number): void;
  /** Rejects at the first thing that is wrong. */
  failed: Promise<never>;
  /** Waits for what is under way, compares, audits, and says how many bytes a frame had. */
  end(): Promise<{ bytes: number; audited: number }>;
};

type Wish = { target: Target; sender: Seat; hearers: readonly Seat[] };

/** Opens the sockets. `onDelivered` hears of each post how long it took until its last hearer had it. */
export async function openDelivery({ target, sender, hearers }: Wish, onDelivered: (ms: number) => void): Promise<Delivery> {
  const { beside } = target;
  const there = beside ? hearers.filter((_, i) => i % 2 === 1) : [];
  const ears = await sitAll(target, beside ? hearers.filter((_, i) => i % 2 === 0) : hearers, { sync: true });
  if (beside) ears.push(...(await sitAll({ ...target, ...beside }, there, { sync: true })));
  const mouth = await sit(target, sender, { sync: false });
  await Bun.sleep(beside ? 5 * QUIET_MS : QUIET_MS); // two instances tell each other who is here a little later
  const failed = Promise.withResolvers<never>();
  failed.promise.catch(() => {}); // heard by whoever races with it
  const sentAt: number[] = []; // when each was, or should have been, sent
  const held: number[] = [];
  const contents: string[] = [];
  const acked: Acked[] = [];
  const level = Promise.withResolvers<void>();
  let delivered = 0;
  let over = false;
  const settle = (): void => void (over && held.length === 0 && delivered === sentAt.length && acked.length === sentAt.length && level.resolve());
  const stream = createStream(
    ears,
    () => {
      const took = performance.now() - (sentAt[delivered] ?? 0);
      delivered += 1;
      onDelivered(took);
      settle();
    },
    failed.reject,
  );
  mouth.hear(({ type, id, message }) => {
    if (type === "error" || (type === "ok" && !message)) return failed.reject(new Error(`Refused: ${String(id)}`));
    if (type !== "ok" || !message) return;
    acked.push({ id: message.id, room_id: message.room_id, seq: message.seq, sender_id: sender.user_id, content: contents[numberOf(id)] ?? "" });
    if (held.length > 0) say(held.shift() ?? 0);
    settle();
  });
  mouth.wire.onClose = () => failed.reject(new Error("The sender was closed"));
  const say = (at: number): void => {
    const draft = draftOf(sender, sentAt.length);
    contents.push(draft.content);
    sentAt.push(at);
    mouth.say(draft);
  };
  return {
    failed: failed.promise,
    post(at = performance.now()) {
      if (sentAt.length - acked.length < UNANSWERED_MAX) say(at);
      else held.push(at); // its time runs all the same
    },
    async end() {
      over = true;
      settle();
      await Promise.race([level.promise, failed.promise, Bun.sleep(PATIENCE_MS).then(() => failed.reject(new Error("Not all was delivered")))]);
      check(
        stream.frames().map((text) => postedIn(text, target)),
        acked,
      );
      const audited = target.database === null ? 0 : await audit(target.database, acked);
      for (const { wire } of [...ears, mouth]) {
        wire.onClose = () => {};
        wire.close();
      }
      return { bytes: stream.length() / Math.max(1, delivered), audited };
    },
  };
}

const UNANSWERED_MAX = 60; // Snug closes a socket with more than 64
const QUIET_MS = 1_500; // presence is told once a second; after that nothing but posts is said
const PATIENCE_MS = 10_000;

/** What was heard is what was acknowledged, each once and in the order of the room. */
function check(heard: readonly (Posted | undefined)[], acked: readonly Acked[]): void {
  const bySeq = acked.toSorted((a, b) => a.seq - b.seq);
  if (heard.length !== acked.length) throw new Error(`${heard.length} heard, ${acked.length} acknowledged`);
  heard.forEach((message, i) => {
    const post = bySeq[i];
    if (!message || !post || message.id !== post.id || message.seq !== post.seq || message.content !== post.content)
      throw new Error(`Heard ${JSON.stringify(message)}, acknowledged ${JSON.stringify(post)}`);
  });
}

const postedIn = (text: string, { speaks }: Target): Posted | undefined =>
  (speaks === "json" ? JSON.parse(text) : JSON.parse(text.slice(2))[1]).message;
