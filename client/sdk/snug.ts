/**
 * A client of Snug for applications, in browsers, Bun and Node 22. It comes back by itself, tells each row of a room once and in order, resumes
 * where it stood, and sends a post again until it is answered. It leans on nothing but `fetch` and `WebSocket`.
 */
import type { Message, ServerFrame, User } from "../../server/protocol.ts";
import { ApiError } from "./api-error.ts";
import { createCaller } from "./caller.ts";
import { createCalls } from "./calls.ts";
import { credentialsOf } from "./credentials.ts";
import { createCursors } from "./cursors.ts";
import { createLink, type Outgoing } from "./link.ts";
import { createOutbox, memoryStorage } from "./outbox.ts";
import type { Events, Options, Outside, Reach, Snug } from "./types.ts";

export { ApiError };

/** Connects as the token or key says, and stays connected until `close`. Bind the hearers in the same turn: nothing is told before it ends. */
export function connect(options: Options): Snug {
  const base = options.url.replace(/\/+$/u, "");
  const outside: Outside = { ...ours, ...options.outside };
  const { later, now } = outside;
  const hearers = new Map<keyof Events, Set<(event: never) => void>>();
  const caller = createCaller(`${base}/api/v1`, outside.fetch, credentialsOf(options));
  const link = createLink(caller, {
    ...outside,
    address: () => `${base.replace(/^http/u, "ws")}/ws`,
    ...(options.room_id !== undefined && { room_id: options.room_id }),
  });
  const outbox = createOutbox({
    api: caller,
    link,
    later,
    now,
    storage: options.storage ?? memoryStorage(),
    refused: (post, error) => tell("refused", { post, error }),
  });
  const cursors = createCursors({
    ...options,
    link,
    later,
    tell: {
      row: (row) => tell(row.type, row),
      gone: (room_id) => tell("gone", { room_id }),
      reset: (reset) => tell("reset", reset),
    },
  });
  let status: Reach = { state: "connecting" };
  let hello: Extract<ServerFrame, { type: "hello" }> | null = null;

  const tell = <K extends keyof Events>(event: K, told: Events[K]): void => {
    for (const hear of hearers.get(event) ?? []) safely(() => hear(told as never));
  };

  /** Whether somebody hears it and all who do took it: what one of them failed at is sent again. */
  const isTaken = (notification: Events["notification"]): boolean => {
    const taken = [...(hearers.get("notification") ?? [])].map((hear) => safely(() => hear(notification as never)));
    return taken.length > 0 && taken.every((one) => one);
  };

  const heard = (frame: ServerFrame): void => {
    switch (frame.type) {
      case "hello":
        hello = frame;
        frame.rooms.forEach((room) => tell("room", { room }));
        return cursors.named(frame.rooms, frame.last === true, frame);
      case "rooms":
        frame.rooms.forEach((room) => tell("room", { room }));
        return cursors.named(frame.rooms, frame.last === true);
      case "room":
        if (!frame.room.me) return cursors.row(frame);
        cursors.gained(frame.room.id);
        return tell("room", frame);
      case "message":
        outbox.heard(frame.message, hello?.user.id);
        return cursors.row(frame);
      case "member":
        return cursors.row(frame);
      case "synced":
        return cursors.synced(frame);
      case "caught_up":
        cursors.caughtUp();
        outbox.hurry();
        return hello ? tell("caught_up", hello) : undefined;
      case "user":
      case "ack":
      case "typing":
      case "presence":
        return tell(frame.type, frame);
      case "notification":
        if (isTaken(frame)) link.say({ type: "notification_ack", notification_id: frame.notification_id });
        return;
      default: // answers, which the link has given, and frames that this client does not know yet
        return;
    }
  };
  const reached = (reach: Reach): void => {
    status = reach;
    if (reach.state !== "open") cursors.lost();
    if (reach.state === "ended") outbox.close(new ApiError({ code: "unauthorized", retry: false }));
    tell("status", reach);
  };
  const hurry = (): void => {
    link.hurry();
    outbox.hurry();
  };

  link.on("frame", heard);
  link.on("reach", reached);
  globalThis.addEventListener?.("online", hurry);
  link.start();

  return {
    api: createCalls(caller),
    on(event, hear) {
      const set = hearers.get(event) ?? new Set();
      hearers.set(event, set.add(hear));
      return () => void set.delete(hear);
    },
    status: () => status,
    user: (): User | null => hello?.user ?? null,
    post: (room_id, draft): Promise<Message | null> => outbox.post(room_id, typeof draft === "string" ? { content: draft } : draft),
    pending: outbox.pending,
    async ack(room_id, seq) {
      if (link.isOpen()) await link.ask({ type: "ack", room_id, seq });
      else await caller.put(`/rooms/${encodeURIComponent(room_id)}/ack`, { seq });
    },
    frame: async <T>(type: string, fields = {}) => (await link.ask({ ...fields, type } as Outgoing)).result as T, // the plugin's author knows both shapes
    typing: (room_id, is_typing) => link.say({ type: "typing", room_id, is_typing }),
    presence: (is) => link.say({ type: "presence", status: is }),
    cursors: cursors.now,
    hurry,
    close() {
      globalThis.removeEventListener?.("online", hurry);
      link.stop();
      outbox.close(new ApiError({ code: "offline", retry: true }));
    },
  };
}

const ours: Outside = {
  fetch: (url, init) => fetch(url, init),
  open: (url, protocols) => new WebSocket(url, protocols),
  later(ms, run) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
  now: Date.now,
  random: Math.random,
};

function safely(run: () => void): boolean {
  try {
    run();
    return true;
  } catch (fault) {
    console.error(fault); // the application's own; the stream goes on
    return false;
  }
}
