/** Deletes what has expired and can no longer be asked for. Refresh tokens of a living family stay, so that a replay is still seen. */
import { lt } from "drizzle-orm";
import type { Chat } from "./chat.ts";

const KEPT_MS = 3_600_000; // long enough for a clock that is wrong by minutes

export async function sweep(chat: Chat): Promise<void> {
  const { ws_tickets, refresh_tokens } = chat.store.t;
  const before = chat.now() - KEPT_MS;
  await chat.store.write(async (tx) => {
    await tx.delete(ws_tickets).where(lt(ws_tickets.expires_at, before));
    await tx.delete(refresh_tokens).where(lt(refresh_tokens.expires_at, before));
  });
}
