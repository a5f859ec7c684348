/**
 * The typed chain with `next`: the seams by which plugins and our own features (metrics, couriers, webhooks) attach. `message.posting` runs
 * before the transaction and may change the draft or refuse; all others run after COMMIT. Handlers run in the order in which they were bound, each
 * on a copy of the event.
 *
 * A faulty handler fails no verb and silences no other: what it throws that is no Refusal is told with its name, and the chain goes on as if it
 * had not been there; so it does when a handler takes too long, or forgets `next`. Only a handler that was bound as `required` stops a post.
 */
import type { Draft, Member, Message, Room } from "../protocol.ts";
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
};

/** `next` resolves when all behind it are done; who does not ask for them first lets them run afterwards. */
export type Handler<E> = (event: E, next: () => Promise<void>) => Promise<void> | void;

/** Whose handler it is, for the log, and whether a post is refused (`unavailable`) when it fails. */
export type Bound = { by: string; required?: boolean };

export type Hooks = {
  /** What is bound by nobody in particular is our own. */
  bind<K extends keyof Points>(point: K, handler: Handler<Points[K]>, bound?: Bound): void;
  /** Before a verb: throws the Refusal of a handler, and nothing else. Costs nothing while nobody is bound. */
  before<K extends "message.posting">(point: K, event: Points[K]): Promise<void> | undefined;
  /** After COMMIT: never throws, nobody waits for it. */
  after<K extends Exclude<keyof Points, "message.posting">>(point: K, event: Points[K]): void;
};

type Bind = Bound & { handler: Handler<never> };
type Chain = { event: object; binds: readonly Bind[]; take(view: object): void; failed(fault: unknown, bind: Bind): void };

/**
 * Makes an empty set of hooks. `onFault` hears what a handler threw, with the name of the point and of whose handler it is. `patience` resolves when
 * a handler that was called now has had its time; without it each may take as long as it likes.
 */
export function createHooks(onFault: (point: string, fault: unknown, by: string) => void, patience?: () => Promise<void>): Hooks {
  const bound = new Map<string, readonly Bind[]>();

  /** Runs the handlers from this one on. */
  const run = async (chain: Chain, at = 0): Promise<void> => {
    const bind = chain.binds[at];
    if (!bind) return;
    const view = copyOf(chain.event);
    let behind: Promise<void> | null = null;
    let isOver = false; // what it does from then on counts no more
    const next = (): Promise<void> => {
      if (!behind && !isOver) {
        chain.take(view);
        behind = run(chain, at + 1);
      }
      return behind ?? Promise.resolve();
    };
    try {
      const done = bind.handler(view as never, next); // a handler and its event were bound by the same name
      if (done) await inTime(done, () => behind);
      await next();
    } catch (fault) {
      isOver = true;
      chain.failed(fault, bind);
      await (behind ?? run(chain, at + 1));
    }
  };

  /** Who waits for those behind is not slow: they have a time of their own. */
  const inTime = async (done: Promise<void>, behind: () => Promise<void> | null): Promise<void> => {
    if (!patience) return done;
    const isSlow = await Promise.race([done.then(() => false), patience().then(() => true)]);
    if (isSlow) await (behind() ?? Promise.reject(new Error("It took too long.")));
  };

  return {
    bind: (point, handler, by = { by: "snug" }) => void bound.set(point, [...(bound.get(point) ?? []), { ...by, handler }]),
    before(point, event) {
      const binds = bound.get(point);
      if (!binds) return undefined;
      return run({
        event,
        binds,
        take: (view) => {
          event.draft = changedTo(event.draft, view);
        },
        failed(fault, { by, required }) {
          if (fault instanceof Refusal) throw fault;
          onFault(point, fault, by);
          if (required) refuse("unavailable");
        },
      });
    },
    after(point, event) {
      const binds = bound.get(point);
      if (!binds) return;
      void Promise.resolve().then(() => run({ event, binds, take: () => {}, failed: (fault, { by }) => onFault(point, fault, by) }));
    },
  };
}

/** Things of its own, one level deep: a handler that writes into them changes nobody else's. */
function copyOf(event: object): object {
  const copied = (value: unknown): unknown => (typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : value);
  return Object.fromEntries(Object.entries(event).map(([name, value]) => [name, copied(value)]));
}

/** The draft as a handler left it. Its `client_id` is the sender's alone: by it a retry finds what is stored. */
function changedTo(draft: Draft, view: object): Draft {
  const given: unknown = "draft" in view ? view.draft : null;
  if (typeof given !== "object" || given === null || !("content" in given) || typeof given.content !== "string")
    throw new TypeError("A draft has a text as its content.");
  const { content } = given;
  return { ...draft, ...given, content, client_id: draft.client_id };
}
