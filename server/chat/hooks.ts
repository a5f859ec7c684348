/**
 * The typed chain with `next`: the seams by which plugins and our own features (metrics, couriers, webhooks) attach. `message.posting` runs
 * before the transaction and may change the draft or refuse; all others run after COMMIT, and a failure in one is a logged fault that never
 * fails the verb. Handlers run in the order in which they were bound.
 */
import type { Draft, Member, Message, Room } from "../protocol.ts";
import type { Principal } from "./principal.ts";

export type Points = {
  "message.posting": { who: Principal; room_id: string; draft: Draft };
  "message.posted": { who: Principal; message: Message };
  "message.changed": { who: Principal; message: Message };
  "room.created": { who: Principal; room: Room };
  "member.joined": { who: Principal; member: Member };
  "member.left": { who: Principal; member: Member };
  "presence.changed": { tenant_id: string; user_id: string; status: "active" | "away" | "offline" };
};

export type Handler<E> = (event: E, next: () => Promise<void>) => Promise<void> | void;

export type Hooks = {
  bind<K extends keyof Points>(point: K, handler: Handler<Points[K]>): void;
  /** Before a verb: whatever a handler throws is thrown on. Costs nothing while nobody is bound. */
  before<K extends "message.posting">(point: K, event: Points[K]): Promise<void> | undefined;
  /** After COMMIT: never throws, nobody waits for it. */
  after<K extends Exclude<keyof Points, "message.posting">>(point: K, event: Points[K]): void;
};

/** Makes an empty set of hooks; `onFault` hears what an after-hook throws, with the name of its point. */
export function createHooks(onFault: (point: string, fault: unknown) => void): Hooks {
  const handlers = new Map<string, Handler<never>[]>();
  const run = (point: string, event: never, at = 0): Promise<void> => {
    const handler = handlers.get(point)?.[at];
    return handler ? Promise.resolve(handler(event, () => run(point, event, at + 1))) : Promise.resolve();
  };
  return {
    bind: (point, handler) => void handlers.set(point, [...(handlers.get(point) ?? []), handler]),
    before: (point, event) => (handlers.has(point) ? run(point, event as never) : undefined),
    after: (point, event) => {
      if (!handlers.has(point)) return;
      Promise.resolve()
        .then(() => run(point, event as never))
        .catch((fault: unknown) => onFault(point, fault));
    },
  };
}
