/** One sender, many hearers of one room. A post is delivered when *every* hearer has it; then the next is sent. */
import { type Acked, audit } from "./audit.ts";
import { draftOf, numberOf } from "./draft.ts";
import type { Job, Measured, Target } from "./job.ts";
import { takeSample } from "./sample.ts";
import { type Posted, sit, sitAll } from "./seat.ts";
import { createStream } from "./stream.ts";

export async function fanOut({ target, sender, hearers, in_flight, span }: Extract<Job, { kind: "fan-out" }>): Promise<Measured> {
  const ears = await sitAll(target, hearers, { sync: true });
  const mouth = await sit(target, sender, { sync: false });
  await Bun.sleep(QUIET_MS);
  const failed = Promise.withResolvers<never>();
  const sentAt: number[] = [];
  const contents: string[] = [];
  const acked: Acked[] = [];
  const level = Promise.withResolvers<void>();
  let delivered = 0;
  let over = false;
  const sample = takeSample(target, span);
  const post = (): void => {
    const draft = draftOf(sender, sentAt.length);
    contents.push(draft.content);
    sentAt.push(performance.now());
    mouth.say(draft);
  };
  const settle = (): void => void (over && delivered === sentAt.length && acked.length === sentAt.length && level.resolve());
  const stream = createStream(
    ears,
    () => {
      sample.took(performance.now() - (sentAt[delivered] ?? 0));
      sample.count(hearers.length);
      delivered += 1;
      if (over) settle();
      else post();
    },
    failed.reject,
  );
  mouth.hear(({ type, id, message }) => {
    if (type === "error" || (type === "ok" && !message)) return failed.reject(new Error(`Refused: ${String(id)}`));
    if (type !== "ok" || !message) return;
    acked.push({ id: message.id, room_id: message.room_id, seq: message.seq, sender_id: sender.user_id, content: contents[numberOf(id)] ?? "" });
    settle();
  });
  for (let i = 0; i < in_flight; i += 1) post();
  const measured = await Promise.race([sample.over, failed.promise]);
  over = true;
  await Promise.race([level.promise, failed.promise, Bun.sleep(PATIENCE_MS).then(() => failed.reject(new Error("Not all was delivered")))]);
  check(
    stream.frames().map((text) => postedIn(text, target)),
    acked,
  );
  const audited = target.database === null ? 0 : await audit(target.database, acked);
  return { ...measured, bytes: stream.length() / Math.max(1, delivered), audited, more: {} };
}

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
