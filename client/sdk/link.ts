/**
 * The socket: a ticket opens it, silence or a close begins it anew with backoff and full jitter, and the close code says whether to come back.
 * It knows no rooms: whoever listens answers `hello` with `sync`.
 */
import type { ClientFrame, ServerFrame, Ticket } from "../../server/protocol.ts";
import { ApiError } from "./api-error.ts";
import type { Caller } from "./caller.ts";
import type { Outside as Given, Reach } from "./types.ts";

/** A frame without its type's `id`, which the link gives. */
type Unnumbered<F> = F extends ClientFrame ? Omit<F, "id"> : never;
export type Outgoing = Unnumbered<ClientFrame>;
type Ok = Extract<ServerFrame, { type: "ok" }>;

/** `room_id`: the only room of the socket. */
export type Outside = Omit<Given, "fetch"> & { address(): string; room_id?: string };

export type Link = ReturnType<typeof createLink>;

const ANSWER_MS = 10_000;
const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 30_000;
const PENANCE_MS = 5_000; // the least wait after 1008 and 1009: the same again would be closed again
const STEADY_MS = 5_000; // a socket that is closed sooner than this after `hello` counts as a failure

export function createLink(api: Pick<Caller, "post" | "refresh">, outside: Outside) {
  const hearers = { frame: new Set<(frame: ServerFrame) => void>(), reach: new Set<(reach: Reach) => void>() };
  const asked = new Map<string, { resolve(ok: Ok): void; reject(error: ApiError): void; cancel(): void }>();
  const { room_id } = outside;
  let socket: WebSocket | null = null;
  let wanted = false;
  let ready = false; // `hello` has come
  let failures = 0;
  let count = 0;
  let heard_at = 0;
  let heard_count = 0;
  let opened_at = 0;
  let heartbeat_ms = 30_000;
  let restart_ms: number | null = null;
  let cancelWait = (): void => {};
  let cancelWatch = (): void => {};

  const tell = (reach: Reach): void => hearers.reach.forEach((hear) => hear(reach));

  const connect = async (): Promise<void> => {
    cancelWait();
    if (!wanted || socket) return;
    tell({ state: "connecting" });
    try {
      const { ticket } = await api.post<Ticket>("/ws/tickets", room_id === undefined ? {} : { room_id });
      if (!wanted || socket) return;
      listen(outside.open(outside.address(), ["snug.v1", `ticket.${ticket}`]));
    } catch (fault) {
      if (fault instanceof ApiError && (fault.code === "unauthorized" || (room_id !== undefined && fault.code === "not_found")))
        return end("revoked");
      again(fault instanceof ApiError ? fault.retry_after_ms : 0);
    }
  };

  const listen = (opened: WebSocket): void => {
    socket = opened;
    heard_at = outside.now();
    opened.onmessage = ({ data }) => heard(JSON.parse(String(data)));
    opened.onclose = ({ code }) => closed(opened, code);
    cancelWatch = outside.later(ANSWER_MS, () => (ready ? watch() : drop()));
  };

  const heard = (frame: ServerFrame): void => {
    heard_at = outside.now();
    heard_count += 1;
    if (frame.type === "ok" || (frame.type === "error" && frame.id !== undefined)) return answered(frame);
    if (frame.type === "shutdown") restart_ms = frame.reconnect_after_ms;
    if (frame.type === "hello") {
      heartbeat_ms = frame.heartbeat_ms;
      opened_at = heard_at;
      ready = true;
      tell({ state: "open" });
    }
    hearers.frame.forEach((hear) => hear(frame));
  };

  const answered = (frame: Extract<ServerFrame, { type: "ok" | "error" }>): void => {
    const waiting = asked.get(frame.id ?? "");
    asked.delete(frame.id ?? "");
    waiting?.cancel();
    if (frame.type === "ok") waiting?.resolve(frame);
    else waiting?.reject(new ApiError(frame));
  };

  /** Browsers do not show pings: after silence, ask; without an answer, begin anew. */
  const watch = (): void => {
    const wait = heard_at + heartbeat_ms - outside.now();
    cancelWatch = outside.later(Math.max(1_000, wait), () => (outside.now() - heard_at < heartbeat_ms ? watch() : probe()));
  };

  const probe = (): void => {
    const before = heard_count;
    cancelWatch();
    write({ type: "ping" });
    cancelWatch = outside.later(ANSWER_MS, () => (heard_count > before ? watch() : drop()));
  };

  const write = (frame: ClientFrame): void => {
    if (socket?.readyState === 1) socket.send(JSON.stringify(frame));
  };

  const drop = (): void => {
    const opened = socket;
    if (!opened) return;
    opened.onclose = null;
    opened.onmessage = null;
    opened.close();
    closed(opened, 1006);
  };

  const closed = (opened: WebSocket, code: number): void => {
    if (socket !== opened) return;
    if (ready && outside.now() - opened_at >= STEADY_MS) failures = 0;
    socket = null;
    ready = false;
    cancelWatch();
    for (const { reject, cancel } of asked.values()) {
      cancel();
      reject(new ApiError(code === 1009 ? { code: "too_large", retry: false } : { code: "offline", retry: true }));
    }
    asked.clear();
    if (!wanted) return;
    if (code >= 4200 && code < 4300) return end(code === 4202 ? "disabled" : code === 4203 ? "protocol" : "revoked");
    const least_ms = code === 1008 || code === 1009 ? PENANCE_MS : 0;
    if (code >= 4100 && code < 4200)
      return void api.refresh().then(
        () => again(),
        () => again(),
      );
    again(least_ms);
  };

  const end = (why: "revoked" | "disabled" | "protocol"): void => {
    wanted = false;
    tell({ state: "ended", why });
  };

  /** Backoff with full jitter: a thousand clients of one server that was away come back spread over the whole wait. */
  const again = (least_ms = 0): void => {
    const wait = restart_ms ?? least_ms + outside.random() * Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** failures);
    tell({ state: restart_ms === null ? "waiting" : "restarting", wait_ms: wait });
    restart_ms = null;
    failures += 1;
    cancelWait();
    cancelWait = outside.later(wait, () => void connect());
  };

  return {
    /** Returns what stops the hearing. */
    on<K extends keyof typeof hearers>(what: K, hear: K extends "frame" ? (frame: ServerFrame) => void : (reach: Reach) => void): () => void {
      const set = hearers[what] as Set<typeof hear>;
      set.add(hear);
      return () => void set.delete(hear);
    },
    start(): void {
      wanted = true;
      void connect();
    },
    /** Opens now what waits to be opened; asks a socket that is open whether anybody is still there, as after a sleep. */
    hurry(): void {
      failures = 0;
      if (ready) probe();
      else if (wanted && !socket) void connect();
    },
    stop(): void {
      wanted = false;
      cancelWait();
      drop();
    },
    isOpen: (): boolean => ready,
    /** Says a frame that needs no answer; lost when the socket is not open. */
    say: (frame: Outgoing): void => write(frame),
    /** Says a frame and gives its one answer. Throws ApiError: the refusal, or `offline` after ten seconds or a close. */
    ask(frame: Outgoing): Promise<Ok> {
      return new Promise((resolve, reject) => {
        if (!ready) return reject(new ApiError({ code: "offline", retry: true }));
        const id = String((count += 1));
        const cancel = outside.later(ANSWER_MS, () => {
          asked.delete(id);
          reject(new ApiError({ code: "offline", retry: true }));
        });
        asked.set(id, { resolve, reject, cancel });
        write({ ...frame, id });
      });
    },
  };
}
