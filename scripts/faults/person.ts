/** A person of the harness: signs up, posts by either door, listens and resumes, and writes down what they did and saw. */
import type { Message, MessagePage, Row, ServerFrame } from "../../server/protocol.ts";
import type { Heard, History } from "./history.ts";

export type Person = Awaited<ReturnType<typeof signUp>>;

const ANSWER_MS = 5_000;

/** Calls the API; null when nothing answered, the body otherwise. */
export async function call(
  url: string,
  method: string,
  path: string,
  token: string | null,
  body?: unknown,
): Promise<{ status: number; body: unknown } | null> {
  const headers = { ...(token !== null && { authorization: `Bearer ${token}` }), ...(body !== undefined && { "content-type": "application/json" }) };
  try {
    const answer = await fetch(`${url}/api/v1${path}`, {
      method,
      headers,
      signal: AbortSignal.timeout(ANSWER_MS),
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    return { status: answer.status, body: text === "" ? null : JSON.parse(text) };
  } catch {
    return null; // killed before or while it answered
  }
}

export async function signUp(url: string, username: string) {
  const password = `password of ${username}`;
  await call(url, "POST", "/auth/register", null, { username, password });
  const answer = await call(url, "POST", "/auth/login", null, { username, password });
  const { access_token, user } = (answer?.body ?? {}) as { access_token: string; user: { id: string } };
  if (!access_token) throw new Error(`${username} could not sign in: ${JSON.stringify(answer)}`);
  return { id: user.id, token: access_token };
}

export const heardOf = (message: Message): Heard => ({
  id: message.id,
  seq: message.seq,
  rev: message.rev,
  client_id: message.client_id,
  sender_id: message.sender_id,
  content: message.content,
  removed: message.removed_at !== undefined,
});

/** Opens a socket by a ticket; null when the server is not there. */
export async function open(url: string, token: string): Promise<WebSocket | null> {
  const answer = await call(url, "POST", "/ws/tickets", token, {});
  const { ticket } = (answer?.body ?? {}) as { ticket?: string };
  return ticket === undefined ? null : new WebSocket(`${url.replace("http", "ws")}/ws`, ["snug.v1", `ticket.${ticket}`]);
}

export type Hearer = {
  readonly name: string;
  readonly rooms: Map<string, Map<number, Heard>>;
  /** Opens a socket and resumes by what is held; resolves when caught up, or when that failed. */
  connect(): Promise<void>;
  drop(): void;
  isOpen(): boolean;
};

/** Hears these rooms, remembers each row as of its newest rev, and pages again where a resume ended in `reset`. */
export function createHearer(name: string, url: string, token: string, room_ids: readonly string[], history: History): Hearer {
  const rooms = new Map(room_ids.map((id) => [id, new Map<number, Heard>()]));
  const cursors = new Map(room_ids.map((id) => [id, 0]));
  let epoch: string | undefined;
  let session = 0;
  let socket: WebSocket | null = null;

  const keep = (room_id: string, row: Heard): void => {
    const held = rooms.get(room_id);
    if (held && (held.get(row.seq)?.rev ?? 0) < row.rev) held.set(row.seq, row);
  };
  const moved = (row: Row): void => {
    const [room_id, rev] =
      row.type === "message"
        ? [row.message.room_id, row.message.rev]
        : row.type === "member"
          ? [row.member.room_id, row.member.rev]
          : [row.room.id, row.room.rev];
    cursors.set(room_id, Math.max(cursors.get(room_id) ?? 0, rev));
    if (row.type !== "message") return;
    history.note({ op: "heard", hearer: name, session, room_id, row: heardOf(row.message) });
    keep(room_id, heardOf(row.message));
  };
  const repage = async (room_id: string): Promise<void> => {
    for (let after = 0, more = true; more;) {
      const answer = await call(url, "GET", `/rooms/${room_id}/messages?after_seq=${after}&limit=200`, token);
      if (answer?.status !== 200) return cursorsBack(room_id);
      const page = answer.body as MessagePage;
      for (const message of page.items) keep(room_id, heardOf(message));
      after = page.items.at(-1)?.seq ?? after;
      more = page.more_after;
    }
  };
  /** What could not be paged is resumed from the beginning next time. */
  const cursorsBack = (room_id: string): void => void cursors.set(room_id, 0);

  const connect = async (): Promise<void> => {
    const opened = await open(url, token);
    if (!opened) return;
    socket = opened;
    session += 1;
    const paging: Promise<void>[] = [];
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, 20_000);
      opened.onclose = () => {
        clearTimeout(timer);
        if (socket === opened) socket = null;
        resolve();
      };
      opened.onmessage = ({ data }) => {
        if (socket !== opened) return;
        const frame: ServerFrame = JSON.parse(String(data));
        if (frame.type === "message" || frame.type === "member" || (frame.type === "room" && !frame.room.me)) moved(frame);
        if (frame.type === "hello") {
          opened.send(JSON.stringify({ type: "sync", rooms: [...cursors], ...(epoch !== undefined && { epoch }) }));
          epoch = frame.epoch;
        }
        if (frame.type === "synced" && rooms.has(frame.room_id)) {
          history.note({ op: "verdict", hearer: name, session, room_id: frame.room_id, verdict: frame.verdict });
          if (frame.verdict === "reset") paging.push(repage(frame.room_id));
          cursors.set(frame.room_id, Math.max(frame.verdict === "reset" ? 0 : (cursors.get(frame.room_id) ?? 0), frame.last_rev));
        }
        if (frame.type === "caught_up") {
          clearTimeout(timer);
          void Promise.all(paging).then(() => resolve());
        }
      };
    });
  };

  return {
    name,
    rooms,
    connect,
    drop() {
      const opened = socket;
      socket = null;
      opened?.close();
    },
    isOpen: () => socket !== null,
  };
}
