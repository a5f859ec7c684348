/** Who this client is: by a token that somebody fetches, or by a tenant's key on a server. */
import { ApiError } from "./api-error.ts";
import type { Credentials, Held } from "./caller.ts";
import type { Options } from "./types.ts";

export function credentialsOf({ token, api_key, user_id, display_name }: Options): Credentials {
  if (api_key !== undefined) {
    const user = { ...(user_id !== undefined && { "x-user-id": user_id }) };
    const name = { ...(display_name !== undefined && { "x-user-name": encodeURIComponent(display_name) }) }; // headers hold Latin-1 alone
    const held: Held = { holder: api_key, headers: { "x-api-key": api_key, ...user, ...name } };
    return { held: () => held, renew: async () => false };
  }
  if (typeof token !== "function") {
    const held = token === undefined ? { holder: null, headers: {} } : heldBy(token);
    return { held: () => held, renew: async () => false };
  }
  let held: Promise<Held> | null = null;
  const fetched = (): Promise<Held> => {
    const fetching = askFor(token);
    held = fetching;
    fetching.catch(() => {
      if (held === fetching) held = null; // asked for again by the next call
    });
    return fetching;
  };
  return { held: () => held ?? fetched(), renew: () => fetched().then(() => true) };
}

async function askFor(token: () => string | Promise<string>): Promise<Held> {
  try {
    return heldBy(await token());
  } catch {
    throw new ApiError({ code: "offline", retry: true });
  }
}

const heldBy = (token: string): Held => ({ holder: "token", headers: { authorization: `Bearer ${token}` } });
