/** Webhooks: the first plugin, on the same seams as any other. It owes what happened to the endpoints that asked for it. */
import type { Chat } from "../chat/chat.ts";
import { type Endpoint, endpointsOf } from "../chat/endpoints.ts";
import type { Debt, Telling } from "../chat/outbox.ts";

export function webhooks(chat: Chat): void {
  const endpoints = endpointsOf(chat);
  chat.hooks.owing((telling) => debtsTo(endpoints.of(telling.tenant_id), telling));
}

/** Who is away for less than that has not missed anything: a reload is not a departure. */
const GRACE_MS = 5_000;

function debtsTo(endpoints: readonly Endpoint[], telling: Telling): readonly Debt[] {
  if (endpoints.length === 0) return NOTHING;
  const hears = endpoints.filter(({ include_private }) => include_private || isOpen(telling));
  const { tenant_id, room, subject_id, detail } = telling;
  const owed = (event: string, more: { after_ms?: number } = {}): Debt[] =>
    hears
      .filter(({ events }) => events.has(event))
      .map(({ id }) => ({
        tenant_id,
        courier: "webhook",
        target_id: id,
        event,
        room_id: room?.id ?? null,
        subject_id,
        ...(detail && { detail }),
        ...more,
      }));
  if (telling.event !== "message.created") return owed(telling.event);
  return [...owed("message.created"), ...owed("message.offline", { after_ms: GRACE_MS })];
}

const NOTHING: readonly Debt[] = [];

/** A notification is for its recipients by name; of rooms only those that everybody of the workspace may read. */
export const isOpen = ({ room }: Pick<Telling, "room">): boolean => room === null || (room.type === "channel" && room.visibility === "public");
