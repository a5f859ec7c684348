/** A tenant's server, as tests play it: it asks door one by its API key, for a user or for itself. */
import { createApiKey } from "../chat/api-keys.ts";
import type { Chat } from "../chat/chat.ts";
import type { Principal } from "../chat/principal.ts";
import type { ApiKey, NewApiKey } from "../protocol/api-keys.ts";
import { type Answer, type OpenDoor, visit } from "./visitor.ts";

export type MadeKey = ApiKey & { key: string };

/** A key that `who` makes: of scope `server`, unless told otherwise. */
export async function keyBy(chat: Chat, who: Principal, more: Partial<NewApiKey> = {}): Promise<MadeKey> {
  const made = await createApiKey(chat, who, { name: "a test", scope: "server", ...more });
  return { ...made, key: made.key ?? "" };
}

/** What a program sends that holds this key. */
export const byKey = ({ key }: Pick<MadeKey, "key">, user_id?: string): Record<string, string> => ({
  "x-api-key": key,
  ...(user_id !== undefined && { "x-user-id": user_id }),
});

/** `ask(method, path, body?, more headers?)` with this key, as this user; paths begin below /api/v1. */
export const serverOf =
  (open: OpenDoor, key: Pick<MadeKey, "key">, user_id?: string) =>
  (method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> =>
    visit(open, null).ask(method, `/api/v1${path}`, body, { ...byKey(key, user_id), ...headers });
