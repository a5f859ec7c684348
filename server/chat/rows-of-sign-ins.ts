/** Whether a sign-in holds is asked with each request; on SQLite the row is kept for whoever asks again before anything has been committed. */
import { findSignIn, type SignInNow } from "../../db/request-islands.ts";
import type { AccessClaims, Chat } from "./chat.ts";
import { createRecent, type Recent } from "./recent.ts";

type Claims = Pick<AccessClaims, "tid" | "sub" | "sid">;
type Kept = { moment: number; row: SignInNow };

const ROWS_MAX = 4_000; // of some 400 bytes

/** As it is now; undefined where there is none, or its tenant is closed. */
export async function signInNow(chat: Chat, { tid, sub, sid }: Claims): Promise<SignInNow | undefined> {
  const moment = chat.store.moment?.() ?? null;
  const row = await findSignIn(chat.store.read, { tid, sub, sid });
  if (row && moment !== null) rowsOf(chat).set(keyOf({ tid, sub, sid }), { moment, row });
  return row;
}

/** The same without a question, where nothing had been committed at that moment since it was asked for; undefined says nothing. */
export function signInAsOf(chat: Chat, claims: Claims, moment: number): SignInNow | undefined {
  const kept = rowsOf(chat).use(keyOf(claims));
  return kept?.moment === moment ? kept.row : undefined;
}

/** Forgets all rows: they are kept only to be quick. */
export const letGoOfSignIns = (chat: Chat): void => void made.delete(chat);

const keyOf = ({ tid, sub, sid }: Claims): string => `${tid}/${sub}/${sid}`; // no id has a slash

const made = new WeakMap<Chat, Recent<Kept>>();

function rowsOf(chat: Chat): Recent<Kept> {
  const found = made.get(chat) ?? createRecent<Kept>(ROWS_MAX);
  made.set(chat, found);
  return found;
}
