/** A sender of the harness: keeps posts in flight by socket or REST, tries each again with its own client_id until it is answered. */
import type { ErrorBody, Message, ServerFrame } from "../../server/protocol.ts";
import type { History } from "./history.ts";
import { call, open, type Person, type Reach } from "./person.ts";
import type { Chance } from "./chance.ts";

export type Sender = {
  /** Posts until it is stopped, and then until what is in flight has been answered, 15 s at most. */
  run(): Promise<void>;
  stop(): void;
  readonly replies: () => number;
  /** Posts that nobody ever answered. */
  readonly open: () => number;
};
type Parts = {
  reach: Reach;
  who: Pick<Person, "id" | "token">;
  room_id: string;
  by: "socket" | "rest";
  chance: Chance;
  history: History;
  in_flight: number;
};
type Answer = { id: string; seq: number } | "open" | { code: string };

const RETRY_MS = 20;

export function createSender({ reach, who, room_id, by, chance, history, in_flight }: Parts): Sender {
  const life = { going: true, patience: Number.POSITIVE_INFINITY };
  let replies = 0;
  let unanswered = 0;
  let count = 0;
  let socket: WebSocket | null = null;
  let opening: Promise<void> | null = null;
  const waiting = new Map<string, (answer: Answer) => void>();

  const ensureSocket = (): Promise<void> => {
    opening ??= (async () => {
      const opened = await open(reach, who.token);
      if (!opened) return;
      await new Promise<void>((resolve) => {
        opened.onmessage = ({ data }) => {
          const frame: ServerFrame = JSON.parse(String(data));
          if (frame.type === "hello") {
            socket = opened;
            resolve();
          }
          if (frame.type !== "ok" && frame.type !== "error") return;
          const settle = waiting.get(frame.id ?? "");
          waiting.delete(frame.id ?? "");
          if (frame.type === "ok") settle?.(frame.message ?? "open");
          else settle?.(frame.retry ? "open" : { code: frame.code });
          if (frame.type === "error" && frame.code === "internal") reach.tally.internal += 1;
        };
        opened.onclose = () => {
          if (socket === opened) socket = null;
          for (const settle of waiting.values()) settle("open");
          waiting.clear();
          resolve();
        };
      });
    })().finally(() => {
      opening = null;
    });
    return opening;
  };

  const bySocket = async (client_id: string, content: string): Promise<Answer> => {
    if (!socket) await ensureSocket();
    const opened = socket;
    if (!opened) return "open";
    const id = String((count += 1));
    return new Promise<Answer>((resolve) => {
      const timer = setTimeout(() => resolve("open"), 5_000);
      waiting.set(id, (answer) => {
        clearTimeout(timer);
        resolve(answer);
      });
      opened.send(JSON.stringify({ type: "message", id, room_id, client_id, content }));
    });
  };

  const byRest = async (client_id: string, content: string): Promise<Answer> => {
    const answer = await call(reach, "POST", `/rooms/${room_id}/messages`, who.token, { client_id, content });
    if (!answer) return "open";
    if (answer.status === 201) return answer.body as Message;
    const { code, retry } = (answer.body as ErrorBody).error;
    return retry ? "open" : { code };
  };

  const note = (client_id: string, answer: Answer): void => {
    if (answer === "open") return;
    if ("code" in answer) return history.note({ op: "refused", user_id: who.id, room_id, client_id, code: answer.code });
    replies += 1;
    history.note({ op: "stored", user_id: who.id, room_id, client_id, id: answer.id, seq: answer.seq });
  };

  /** One post until it is answered, its twin beside it now and then; edits and removals of it now and then. */
  const post = async (): Promise<void> => {
    const client_id = chance.text(26);
    const content = `${by} ${client_id} ${"x".repeat(chance.below(200))}`;
    history.note({ op: "post", user_id: who.id, room_id, client_id, content });
    unanswered += 1;
    for (let answer: Answer = "open"; answer === "open" && (life.going || life.patience > performance.now());) {
      const twin = chance.below(100) < 2;
      const [first, second]: Answer[] = await Promise.all([
        by === "socket" ? bySocket(client_id, content) : byRest(client_id, content),
        twin ? byRest(client_id, content) : ("open" as const),
      ]);
      if (first === undefined || second === undefined) return;
      note(client_id, first);
      note(client_id, second);
      answer = first === "open" ? second : first;
      if (answer === "open") await Bun.sleep(RETRY_MS);
      else unanswered -= 1;
      if (typeof answer === "object" && "id" in answer) await change(answer.id);
    }
  };

  const change = async (message_id: string): Promise<void> => {
    const lot = chance.below(100);
    const path = `/rooms/${room_id}/messages/${message_id}`;
    if (lot < 3) await call(reach, "PATCH", path, who.token, { content: `edited ${chance.text(8)}` });
    else if (lot < 5) await call(reach, "DELETE", path, who.token);
  };

  const lane = async (): Promise<void> => {
    while (life.going) await post();
  };
  return {
    run: async () => void (await Promise.all(Array.from({ length: in_flight }, lane))),
    stop() {
      life.going = false;
      life.patience = performance.now() + 15_000; // what is in flight is still asked for: an open post says less
    },
    replies: () => replies,
    open: () => unanswered,
  };
}
