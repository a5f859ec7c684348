/** Senders that post as soon as they are answered; nobody listens. Each answer is read, kept, and looked up in the database at the end. */
import { type Acked, audit } from "./audit.ts";
import { draftOf, numberOf } from "./draft.ts";
import type { Job, Measured, Seat } from "./job.ts";
import { type Sample, takeSample } from "./sample.ts";
import { type Frame, type Seated, sitAll } from "./seat.ts";

export async function ingest({ target, seats, in_flight, span }: Extract<Job, { kind: "ingest" }>): Promise<Measured> {
  const seated = await sitAll(target, seats, { sync: false });
  const sample = takeSample(target, span);
  const senders = seated.flatMap((here, i) => seats.slice(i, i + 1).map((seat) => createSender(here, seat, sample)));
  for (const sender of senders) for (let i = 0; i < in_flight; i += 1) sender.post();
  const measured = await sample.over;
  const acked = (await Promise.all(senders.map((sender) => sender.end()))).flat();
  const bytes = seated.reduce((sum, { wire }) => sum + wire.received, 0) / Math.max(1, acked.length);
  const audited = target.database === null ? 0 : await audit(target.database, acked);
  for (const { wire } of seated) wire.close();
  return { ...measured, bytes, audited, more: {} };
}

/**
 * Posts to its rooms in turn, again at each answer, until it is told to end; then what was acknowledged is told. Answers are read only then:
 * reading them at once would cost the generator more than the server it waits for.
 */
function createSender(here: Seated, seat: Seat, sample: Sample) {
  const sent: { at: number; room_id: string; content: string }[] = [];
  const answers: string[] = [];
  const ended = Promise.withResolvers<void>();
  let over = false;
  const post = (): void => {
    const draft = draftOf(seat, sent.length);
    sent.push({ at: performance.now(), room_id: draft.room_id, content: draft.content });
    here.say(draft);
  };
  here.hearText((text) => {
    sample.took(performance.now() - (sent[asked(text)]?.at ?? 0));
    sample.count(1);
    answers.push(text);
    if (!over) post();
    else if (answers.length === sent.length) ended.resolve();
  });
  here.wire.onClose = () => ended.reject(new Error("A sender's socket was closed"));
  ended.promise.catch(() => {}); // told by `end`
  return {
    post,
    async end(): Promise<Acked[]> {
      over = true;
      if (answers.length === sent.length) ended.resolve();
      await Promise.race([ended.promise, Bun.sleep(PATIENCE_MS).then(() => ended.reject(new Error(`Unanswered: ${sent.length - answers.length}`)))]);
      return answers.map((text) => ackedIn(JSON.parse(text)));
    },
  };

  function ackedIn(frame: Frame): Acked {
    const { type, id, message } = frame;
    const asked = sent[numberOf(id)];
    if (type !== "ok" || !asked || message?.content !== asked.content || message.room_id !== asked.room_id)
      throw new Error(`A wrong answer to ${JSON.stringify(asked)}: ${JSON.stringify(frame)}`);
    return { id: message.id, room_id: asked.room_id, seq: message.seq, sender_id: seat.user_id, content: asked.content };
  }
}

const ID = '"id":"n'; // its first place in an answer is the frame's own
const asked = (text: string): number => Number.parseInt(text.slice(text.indexOf(ID) + ID.length, text.indexOf(ID) + 20), 10);
const PATIENCE_MS = 10_000;
