/**
 * The typed chain with `next`: the seams by which plugins and our own features (metrics, couriers, webhooks) attach. `message.posting` runs
 * before the transaction and may change the draft or refuse; all others run after COMMIT. Handlers run in the order in which they were bound, each
 * on a copy of the event.
 *
 * A faulty handler fails no verb and silences no other: what it throws that is no Refusal is told with its name, and the chain goes on as if it
 * had not been there; so it does when a handler takes too long, or forgets `next`. Only a handler that was bound as `required` stops a post.
 *
 * `owing` is the one seam inside a transaction: it says to whom a thing that is being written is owed, from memory, at once.
 */
import type { Attempt } from "./carried.ts";
import { draftIn, postedLike, principalLike } from "./copies.ts";
import type { Draft, Member, Message, Room } from "../protocol.ts";
import type { Debt, Delivery, Telling } from "./outbox.ts";
import type { Principal } from "./principal.ts";
import { Refusal, refuse } from "./refusal.ts";

export type Points = {
  "message.posting": { who: Principal; room_id: string; draft: Draft };
  "message.posted": { who: Principal; message: Message };
  "message.changed": { who: Principal; message: Message };
  "room.created": { who: Principal; room: Room };
  "member.joined": { who: Principal; member: Member };
  "member.left": { who: Principal; member: Member };
  "presence.changed": { tenant_id: string; user_id: string; status: "active" | "away" | "offline" };
  /** To carry it: who does says so in `carried` of this very event, by `signal` at the latest. */
  "delivery.attempt": Attempt;
  "delivery.died": { delivery: Delivery };
};

/** `next` resolves when all behind it are done; who does not ask for them first lets them run afterwards. */
export type Handler<E> = (event: E, next: () => Promise<void>) => Promise<void> | void;

/** Whose handler it is, for the log, and whether a post is refused (`unavailable`) when it fails. */
export type Bound = { by: string; required?: boolean };

/** Gives what is owed for this; of posts of one room in one transaction it is asked for the first. Must neither wait nor ask anything that waits. What it throws is a logged fault, and it owes nothing then. */
export type Owing = (telling: Telling) => readonly Debt[];

export type Hooks = {
  /** What is bound by nobody in particular is our own. */
  bind<K extends keyof Points>(point: K, handler: Handler<Points[K]>, bound?: Bound): void;
  owing(handler: Owing): void;
  /** What all who owe something for this owe. Never throws. */
  owed(telling: Telling): readonly Debt[];
  /** Before a verb: rejects with the Refusal of a handler, and nothing else. Undefined when there was nothing to wait for. */
  before<K extends "message.posting">(point: K, event: Points[K]): Promise<void> | undefined;
  /** Has a delivery carried by the first who does. Never throws; takes as long as they take. */
  carry(event: Attempt): Promise<void>;
  /** After COMMIT: never throws, nobody waits for it. */
  after<K extends Exclude<keyof Points, "message.posting" | "delivery.attempt">>(point: K, event: Points[K]): void;
};

type Bind = Bound & { handler: Handler<never> };
/** A point, who listens there, and what comes of a handler that is done, or has failed. Never changed: who binds later stands in another one. */
type Heard = { point: Told; binds: readonly Bind[]; copy: (event: never) => object; rule: Rule };
type Told = Exclude<keyof Points, "delivery.attempt">;
type Rule = { take(event: object, view: object): void; failed(point: Told, fault: unknown, bind: Bind): void };
/** Of one handler: what it was given, whether those behind it were begun, what they still do, and whether its own time is over, so that what it does counts no more. */
type Turn = { heard: Heard; event: object; at: number; view: object; asked: boolean; behind: Promise<void> | undefined; isOver: boolean };

/** Runs this when one's time is up, unless the function it gives is called before. */
export type Patience = (timeIsUp: () => void) => () => void;

const DONE = Promise.resolve();
const NOTHING: readonly Debt[] = []; // each post owes it

/**
 * Makes an empty set of hooks. `onFault` hears what a handler threw, with the name of the point and of whose handler it is. Without `patience` each
 * handler may take as long as it likes. Handlers that need not wait for anything are done in the turn in which they are called.
 */
export function createHooks(onFault: (point: string, fault: unknown, by: string) => void, patience?: Patience): Hooks {
  const points = new Map<Told, Heard>();
  const carriers: Bind[] = [];
  const owings: Owing[] = [];

  /** Runs the handlers from this one on; undefined when they are done. A post comes through here: who waits for nothing costs no promise. */
  const run = (heard: Heard, event: object, at: number): Promise<void> | undefined => {
    const bind = heard.binds[at];
    if (!bind) return undefined;
    const turn: Turn = { heard, event, at, view: heard.copy(event as never), asked: false, behind: undefined, isOver: false }; // they came under one name
    try {
      const done = bind.handler(turn.view as never, () => letGo(turn) ?? DONE); // a handler and its event were bound by the same name
      return done && done !== DONE ? waitFor(done, turn, bind) : letGo(turn);
    } catch (fault) {
      return failed(turn, fault, bind);
    }
  };

  const waitFor = (done: Promise<void>, turn: Turn, bind: Bind): Promise<void> =>
    inTime(done, turn)
      .then(() => letGo(turn))
      .catch((fault: unknown) => failed(turn, fault, bind));

  const goOn = (turn: Turn): Promise<void> | undefined => {
    if (turn.asked) return turn.behind;
    turn.asked = true;
    turn.behind = run(turn.heard, turn.event, turn.at + 1);
    turn.behind?.catch(() => undefined); // it is heard above, whatever this handler makes of it
    return turn.behind;
  };

  const letGo = (turn: Turn): Promise<void> | undefined => {
    if (turn.isOver) return undefined;
    if (!turn.asked) turn.heard.rule.take(turn.event, turn.view);
    return goOn(turn);
  };

  const failed = (turn: Turn, fault: unknown, bind: Bind): Promise<void> | undefined => {
    turn.isOver = true;
    try {
      turn.heard.rule.failed(turn.heard.point, fault, bind);
    } catch (refusal) {
      return Promise.reject(refusal); // never thrown: it would pass through those before, who might swallow it
    }
    return goOn(turn);
  };

  /** Who waits for those behind is not slow: they have a time of their own. */
  const inTime = (done: Promise<void>, turn: Turn): Promise<void> => {
    if (!patience) return done;
    return new Promise((resolve, reject) => {
      const cancel = patience(() => (turn.asked ? resolve(turn.behind) : reject(new Error("It took too long."))));
      done.then(resolve, reject).finally(cancel);
    });
  };

  const posting: Rule = {
    take(event, view) {
      const posted = event as Points["message.posting"]; // of that point alone
      posted.draft = changedTo(posted.draft, view);
    },
    failed(point, fault, { by, required }) {
      if (fault instanceof Refusal) throw fault;
      onFault(point, fault, by);
      if (required) refuse("unavailable");
    },
  };
  const afterwards: Rule = { take: () => {}, failed: (point, fault, { by }) => onFault(point, fault, by) };

  const listen = (point: Told, bind: Bind): void => {
    const rule = point === "message.posting" ? posting : afterwards;
    points.set(point, { point, binds: [...(points.get(point)?.binds ?? []), bind], copy: copies[point], rule });
  };

  let happened: { heard: Heard; event: object }[] = [];
  const tellWhatHappened = (): void => {
    const told = happened;
    happened = [];
    for (const { heard, event } of told) void run(heard, event, 0);
  };

  return {
    bind(point, handler, by = { by: "snug" }) {
      const bind: Bind = { ...by, handler };
      if (point === "delivery.attempt") carriers.push(bind);
      else listen(point, bind);
    },
    owing: (handler) => void owings.push(handler),
    owed(telling) {
      let all: readonly Debt[] = NOTHING;
      for (const handler of owings) {
        try {
          const owed = handler(telling);
          if (owed.length > 0) all = all.length > 0 ? [...all, ...owed] : owed;
        } catch (fault) {
          onFault("owing", fault, "snug");
        }
      }
      return all;
    },
    before(point, event) {
      const heard = points.get(point);
      return heard && run(heard, event, 0);
    },
    async carry(event) {
      const run = async (at: number): Promise<void> => {
        const bind = carriers[at];
        if (!bind || event.carried !== null) return;
        let asked: Promise<void> | null = null;
        const next = (): Promise<void> => (asked ??= run(at + 1));
        try {
          await bind.handler(event as never, next); // bound by this name
        } catch (fault) {
          onFault("delivery.attempt", fault, bind.by);
        }
        await next();
      };
      await run(0);
    },
    after(point, event) {
      const heard = points.get(point);
      if (!heard) return;
      happened.push({ heard, event });
      if (happened.length === 1) void DONE.then(tellWhatHappened);
    },
  };
}

/** Things of its own, one level deep: a handler that writes into them changes nobody else's. */
const copies: { [K in Told]: (event: Points[K]) => Points[K] } = {
  "message.posting": ({ who, room_id, draft }) => ({ who: principalLike(who), room_id, draft: draftIn(draft) }),
  "message.posted": ({ who, message }) => ({ who: principalLike(who), message: postedLike(message) }),
  "message.changed": ({ who, message }) => ({ who: { ...who }, message: { ...message } }),
  "room.created": ({ who, room }) => ({ who: { ...who }, room: { ...room } }),
  "member.joined": ({ who, member }) => ({ who: { ...who }, member: { ...member } }),
  "member.left": ({ who, member }) => ({ who: { ...who }, member: { ...member } }),
  "presence.changed": (event) => ({ ...event }),
  "delivery.died": ({ delivery }) => ({ delivery: { ...delivery } }),
};

/** The draft as a handler left it. Its `client_id` is the sender's alone: by it a retry finds what is stored. */
function changedTo(draft: Draft, view: object): Draft {
  const given: unknown = "draft" in view ? view.draft : null;
  if (typeof given !== "object" || given === null || !("content" in given) || typeof given.content !== "string")
    throw new TypeError("A draft has a text as its content.");
  if (isAmong(draft, given)) return draft;
  const { content } = given;
  return { ...draft, ...given, content, client_id: draft.client_id };
}

/** Nearly every post is let through as it is, and need not be put together anew. What a handler took away from its copy is there all the same. */
function isAmong(fields: Record<string, unknown>, given: Record<string, unknown>): boolean {
  for (const name in given) if (fields[name] !== given[name]) return false; // its own and what they stand on: both are plain
  return true;
}
