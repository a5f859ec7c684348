/**
 * Saving a file by the browser's own means: it asks for an address without showing a credential, so the address holds a ticket that opens these bytes
 * once, within a minute. The right is asked when the ticket is issued, and again when it is used: as of then, of who asked for it.
 */
import type { Chat } from "./chat.ts";
import { type FilePlace, findFile, type FoundFile } from "./files.ts";
import type { Principal } from "./principal.ts";
import { issue, redeemTicket } from "./tickets.ts";

/** Refuses `not_found` as findFile does. */
export async function issueFileTicket(chat: Chat, who: Principal, { file_id }: FilePlace): Promise<{ ticket: string; expires_in: number }> {
  await findFile(chat, who, { file_id });
  return issue(chat, who, { opens: opening(file_id), room_id: who.room_id ?? null, origin: null });
}

/** Uses the ticket up. Refuses `unauthorized`: unknown, used, expired, another file's, a socket's, or its right has ended. */
export const redeemFileTicket = (chat: Chat, { file_id, ticket }: FilePlace & { ticket: string }): Promise<Principal> =>
  redeemTicket(chat, { ticket, opens: opening(file_id), origin: null });

/** As findFile; a picture too is to be kept, not shown. */
export const downloadFile = async (chat: Chat, who: Principal, place: FilePlace): Promise<FoundFile> => ({
  ...(await findFile(chat, who, place)),
  is_picture: false,
});

const opening = (file_id: string): string => `file ${file_id} `;
