/**
 * Door two: frames to verbs. The bucket is asked before anything is parsed; verbs begin in the order of their frames; a post waits for the
 * look-ups of the one before it in that room, never for its COMMIT; a frame with an `id` gets exactly one `ok` or `error`.
 */
import { acknowledge } from "../chat/acks.ts";
import type { Chat } from "../chat/chat.ts";
import { asRefusal } from "../chat/faults.ts";
import { editMessage, postMessage, removeMessage } from "../chat/messages.ts";
import { acknowledgeNotification } from "../chat/notifications.ts";
import type { Place } from "../chat/members.ts";
import { noteTyping } from "../chat/presence.ts";
import { type Principal, refuseIfReading } from "../chat/principal.ts";
import { react, unreact } from "../chat/reactions.ts";
import { bodyOf, Refusal } from "../chat/refusal.ts";
import { noteRefusal } from "../chat/refused-rights.ts";
import { fullBucket, type Limiter, type Rate, takeOne } from "../chat/limiter.ts";
import { sendRate } from "../chat/limits.ts";
import { type ClientFrame, type ClientFrames, type Draft, type ServerFrame } from "../protocol.ts";
import { closes } from "../protocol/closes.ts";
import { type AddedFrame, headOf, parseFrame } from "./frames.ts";
import type { Joins } from "./join.ts";
import type { AddedFrames } from "./plugin-frames.ts";
import type { Roster } from "./roster.ts";
import { firstSpeech, idOf, keyOf, send, sendPosted, type Session, type Speech } from "./session.ts";

const UNANSWERED_MAX = 64;
const REFUSED_MAX = 500; // not a slip any more

export type Parts = {
  chat: Chat;
  roster: Roster;
  joins: Joins;
  frames: Rate;
  added: AddedFrames;
  sends: Limiter;
  draining: () => boolean;
  end: (session: Session, code: number) => void;
};
/** Null where it has been answered. */
type Answer = Omit<Extract<ServerFrame, { type: "ok" }>, "type" | "id"> | null;

export function createReceiver({
  chat,
  roster,
  joins,
  frames,
  added,
  sends,
  draining,
  end,
}: Parts): (session: Session, data: string | Buffer) => void {
  const noting = new WeakMap<Session, Promise<unknown>>();

  const verbs: { [K in keyof ClientFrames]: (session: Session, frame: ClientFrames[K]) => Promise<Answer> } = {
    message: (session, frame) => posted(session, frame),
    edit: async (session, frame) => ({ message: await editMessage(chat, sending(session), frame) }),
    remove: async (session, frame) => ({ message: await removeMessage(chat, sending(session), frame) }),
    react: async (session, frame) => ({ message: await react(chat, sending(session), frame) }),
    unreact: async (session, frame) => ({ message: await unreact(chat, sending(session), frame) }),
    ack: async ({ who }, frame) => nothing(await acknowledge(chat, who, frame)),
    typing: (session, frame) => inTurn(session, async () => nothing(await noteTyping(chat, session.who, frame))),
    notification_ack: async ({ who }, frame) => nothing(await acknowledgeNotification(chat, who, frame)),
    presence: async (session, { status }) => {
      session.status = status;
      return nothing(roster.touch(session));
    },
    sync: async (session, frame) => nothing(await synced(session, frame)),
    ping: async () => ({}),
    send_message: (session, { client_id = chat.newId(), ...frame }) => posted(session, { ...frame, client_id }),
    "typing.start": (session, { room_id }) => inTurn(session, async () => nothing(await noteTyping(chat, session.who, { room_id, is_typing: true }))),
    "typing.stop": (session, { room_id }) => inTurn(session, async () => nothing(await noteTyping(chat, session.who, { room_id, is_typing: false }))),
  };

  /** One after the other: that somebody is no longer typing must not be told before that they are. */
  const inTurn = (session: Session, note: () => Promise<Answer>): Promise<Answer> => {
    const turn = (noting.get(session) ?? Promise.resolve()).then(note, note);
    noting.set(session, turn);
    return turn;
  };

  const speechOf = (session: Session): Speech => (session.speech ??= firstSpeech(fullBucket(frames, chat.now())));

  /** Whoever sends, counted: what a room is told is limited by whom it is told, whatever it is. */
  const sending = (session: Session): Principal => {
    const { who } = session;
    const speech = speechOf(session);
    speech.sends = sends.takeFrom(speech.sends, (speech.key ??= keyOf(who)), chat.now(), sendRate(chat, who.tenant_id));
    return who;
  };

  /** Half a resume would be a silent skip: who cannot be told everything loses the socket, and asks again. */
  const synced = async (session: Session, frame: ClientFrames["sync"]): Promise<void> => {
    try {
      await joins.sync(session, frame);
    } catch (fault) {
      end(session, closes.store_away);
      throw fault;
    }
  };

  /** Waits only for a post of the same room that has no place in a batch yet: mostly there is none, and its own is given in this turn. */
  const posted = async (session: Session, draft: Place & Draft & { id?: string | undefined }): Promise<null> => {
    const who = sending(session);
    const speech = speechOf(session);
    const before = speech.placing?.get(draft.room_id);
    let isPlaced = false;
    let tell: (() => void) | null = null;
    const onPlaced = (): void => {
      isPlaced = true;
      tell?.();
    };
    const posting = before ? before.then(() => postMessage(chat, who, draft, onPlaced)) : postMessage(chat, who, draft, onPlaced);
    if (!isPlaced) {
      const { promise, resolve } = Promise.withResolvers<void>();
      const placing = (speech.placing ??= new Map<string, Promise<void>>());
      placing.set(draft.room_id, promise);
      tell = () => {
        resolve();
        if (placing.get(draft.room_id) === promise) placing.delete(draft.room_id);
      };
    }
    const result = await posting;
    if (!result.duplicate) chat.metrics.count("chat_ws_messages_total");
    if (draft.id !== undefined) sendPosted(session, draft.id, result);
    return null;
  };

  const verbOf = (type: string): ((session: Session, frame: ClientFrame | AddedFrame) => Promise<Answer>) =>
    added.isAdded(type)
      ? ({ who }, frame) => added.answer(who, frame)
      : (verbs[type as keyof typeof verbs] as (session: Session, frame: object) => Promise<Answer>); // the table pairs each type with its frame

  const answer = async (session: Session, speech: Speech, frame: ClientFrame | AddedFrame): Promise<void> => {
    const verb = verbOf(frame.type);
    try {
      if (session.dialect) await session.turn; // it is live by then, and hears what it says itself
      if (!listening.has(frame.type)) refuseIfReading(session.who);
      const result = await verb(session, frame);
      if (result === null) return;
      if (frame.type === "ping") send(session, { type: "pong", ...(frame.id !== undefined && { id: frame.id }) });
      else if (frame.id !== undefined) send(session, { type: "ok", id: frame.id, ...result });
    } catch (fault) {
      const refusal = refuseFrame(session, frame.id === undefined ? { re: frame.type } : { id: frame.id }, fault);
      await noteRefusal(chat, session.who, `frame ${frame.type}`, refusal);
    } finally {
      speech.unanswered -= 1;
    }
  };

  const refuseFrame = (session: Session, head: { id?: string; re?: string }, fault: unknown): Refusal => {
    const known = asRefusal(fault);
    if (!known) {
      chat.metrics.count("snug_faults_total");
      chat.log.error("frame.failed", fault, { session_id: idOf(session) });
    }
    const refusal = known ?? new Refusal("internal");
    const { request_id: _, ...body } = bodyOf(refusal.reason, refusal.detail, "").error;
    send(session, { type: "error", ...head, ...body });
    return refusal;
  };

  return (session, data) => {
    const now = chat.now();
    session.seen_at = now;
    const speech = speechOf(session);
    try {
      takeOne(speech.frames, now, frames);
      if (speech.refused > 0) speech.refused -= 1;
    } catch (fault) {
      speech.refused += 1;
      return speech.refused > REFUSED_MAX ? end(session, closes.policy) : refuseFrame(session, headIn(data), fault);
    }
    if (typeof data !== "string") return refuseFrame(session, headIn(data), new Refusal("bad_request"));
    if (draining()) return refuseFrame(session, headOf(data), new Refusal("unavailable", { retry_after_ms: 1_000 }));
    if (speech.unanswered >= UNANSWERED_MAX) return end(session, closes.policy);
    let frame: ClientFrame | AddedFrame;
    try {
      frame = session.dialect ? session.dialect.read(data) : parseFrame(data, chat.config.bounds, added.checks);
    } catch (fault) {
      return refuseFrame(session, headOf(data, added.checks), fault);
    }
    speech.unanswered += 1;
    void answer(session, speech, frame);
  };
}

/** What changes nothing: all that is left to a key that only reads. */
const listening: ReadonlySet<string> = new Set<ClientFrame["type"]>(["sync", "ping"]);

const headIn = (data: string | Buffer): ReturnType<typeof headOf> => (typeof data === "string" ? headOf(data) : { re: "binary" });
const nothing = (_: void): Answer => ({});
