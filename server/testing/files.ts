/** What tests do with files in the world that is there at the moment of the call. */
import { findFile, uploadFile } from "../chat/files.ts";
import { postMessage } from "../chat/messages.ts";
import type { Principal } from "../chat/principal.ts";
import { pieces } from "./uploads.ts";
import { draftFor, type World } from "./world.ts";

export const fileActs = (here: () => World) => ({
  upload: (who: Principal, bytes: Uint8Array | string, more: { name?: string; length?: number; room_id?: string } = {}) =>
    uploadFile(here().chat, who, { room_id: here().room.id, name: "note.txt", length: null, ...more }, pieces(bytes)),
  post: (who: Principal, files: string[], content = "") => postMessage(here().chat, who, draftFor(here().room, content, { files })),
  textOf: async (who: Principal, file_id: string, preview = false): Promise<string> =>
    Bun.file((await findFile(here().chat, who, { file_id, preview })).path).text(),
  rowsLeft: async (): Promise<number> => (await here().chat.store.read.select().from(here().chat.store.t.files)).length,
});
