/** A place at which somebody is held on purpose: a race with a name, as long as the test wants it. */
import type { Read, Store, Tables } from "../../db/store.ts";
import type { Chat } from "../chat/chat.ts";

export type Gate = {
  /** Resolves when somebody stands before it. */
  reached: Promise<void>;
  /** Waits until it is opened. */
  pass(): Promise<void>;
  open(): void;
};

export function makeGate(): Gate {
  const [reached, opened] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const pass = (): Promise<void> => {
    reached.resolve();
    return opened.promise;
  };
  return { reached: reached.promise, pass, open: () => opened.resolve() };
}

/** The next question that begins with this table, raw or built, waits at the gate before the database hears it; those after it do not. */
export function holdRead(chat: Chat, table: keyof Tables): Gate {
  const gate = makeGate();
  const { store } = chat;
  let isHeld = false;
  const held = (query: object): object =>
    new Proxy(query, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name, target);
        if (typeof value !== "function") return value;
        if (name === "then") return (...ears: unknown[]) => gate.pass().then(() => Reflect.apply(value, target, ears));
        return (...given: unknown[]) => held(Reflect.apply(value, target, given));
      },
    });
  const from = (query: object): object =>
    new Proxy(query, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name, target);
        if (typeof value !== "function") return value;
        return (...given: unknown[]) => {
          const made: unknown = Reflect.apply(value, target, given);
          if (name !== "from" || given[0] !== store.t[table] || isHeld || typeof made !== "object" || made === null) return made;
          isHeld = true;
          return held(made);
        };
      },
    });
  const names = new RegExp(`\\bFROM ${table}\\b`, "u");
  const ask: Read["ask"] = async (island, values) => {
    if (!isHeld && names.test(island.text)) {
      isHeld = true;
      await gate.pass();
    }
    return store.read.ask(island, values);
  };
  const read = new Proxy(store.read, {
    get(target, name) {
      if (name === "ask") return ask;
      const value: unknown = Reflect.get(target, name, target);
      if (name !== "select" || typeof value !== "function") return value;
      return (...given: unknown[]) => from(Reflect.apply(value, target, given));
    },
  });
  const holding: Store = new Proxy(store, { get: (target, name) => (name === "read" ? read : Reflect.get(target, name, target)) });
  Object.assign(chat, { store: holding });
  return gate;
}
