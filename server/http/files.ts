/** Files by REST: bytes in as they are, bytes out as a download, or as a picture where it has been decoded. Nothing of a file is ever run by us or by a page. */
import { Elysia, t } from "elysia";
import { downloadFile, issueFileTicket, redeemFileTicket } from "../chat/downloads.ts";
import { discardFile, findFile, uploadFile } from "../chat/files.ts";
import { refuse } from "../chat/refusal.ts";
import { Id } from "../protocol.ts";
import { FileTicket, UploadedFile } from "../protocol/files.ts";
import { answers, BYTES, takesBytes } from "./answers.ts";
import { noteAsker } from "./asked-by.ts";
import type { Askers } from "./asker.ts";
import { bytesOf, lengthIn, SLOW_SECONDS } from "./bytes.ts";
import type { Door } from "./door.ts";
import { fileAnswer } from "./file-answer.ts";
import type { Limits } from "./limit.ts";
import { roomPlace } from "./queries.ts";

const filePlace = t.Object({ file_id: Id });
const withTicket = t.Object({ ticket: t.String({ pattern: "^[\\w-]{43}$" }) });
/** Its name, percent-encoded: headers hold Latin-1 alone. Of a path the last part. */
const fileName = t.Object({ "x-file-name": t.Optional(t.String({ pattern: "^[\\w%.~!'()*-]{0,4000}$" })) });

export const roomFiles = ({ chat }: Door, { asker }: Askers) =>
  new Elysia({ prefix: "/rooms/:room_id/files" }).use(asker).post(
    "/",
    async ({ who, params, request, server, status }) => {
      const upload = { ...params, name: nameIn(request), length: lengthIn(request) };
      return status(201, await uploadFile(chat, who, upload, bytesOf(request, server)));
    },
    {
      params: roomPlace,
      headers: fileName,
      ...answers({ 201: UploadedFile }, ["archived"], takesBytes),
    },
  );

export const files = ({ chat }: Door, { asker }: Askers) =>
  new Elysia({ prefix: "/files/:file_id" })
    .use(asker)
    .get(
      "/",
      async ({ who, params, request, server }) => {
        server?.timeout(request, SLOW_SECONDS);
        return fileAnswer(request, await findFile(chat, who, params));
      },
      { params: filePlace, ...answers({ 200: BYTES, 206: BYTES, 304: null }) },
    )
    .get(
      "/preview",
      async ({ who, params, request, server }) => {
        server?.timeout(request, SLOW_SECONDS);
        return fileAnswer(request, await findFile(chat, who, { ...params, preview: true }));
      },
      { params: filePlace, ...answers({ 200: BYTES, 206: BYTES, 304: null }) },
    )
    .post(
      "/tickets",
      async ({ who, params, status }) => {
        const { ticket, expires_in } = await issueFileTicket(chat, who, params);
        return status(201, { url: `/api/v1/files/${encodeURIComponent(params.file_id)}/download?ticket=${ticket}`, expires_in });
      },
      { params: filePlace, ...answers({ 201: FileTicket }) },
    )
    .delete("/", async ({ who, params, status }) => status(204, await discardFile(chat, who, params)), {
      params: filePlace,
      ...answers({ 204: null }),
    });

/** Opened by a ticket alone: whatever credential comes along is not looked at. */
export const downloads = ({ chat }: Door, limits: Limits) =>
  new Elysia({ prefix: "/files/:file_id" }).get(
    "/download",
    async ({ params, query, request, server, route, set }) => {
      const who = await redeemFileTicket(chat, { ...params, ...query }).catch((fault: unknown) => {
        limits.takeFromAddress(limits.addressOf(request, server), { request, route }, set.headers);
        throw fault;
      });
      noteAsker(request, who);
      limits.takeFromUser(who, { request, route }, set.headers);
      limits.takeFromTenant(who, set.headers);
      server?.timeout(request, SLOW_SECONDS);
      const answer = fileAnswer(request, await downloadFile(chat, who, params));
      answer.headers.set("cache-control", "no-store"); // the address opens nothing any more
      return answer;
    },
    { params: filePlace, query: withTicket, ...answers({ 200: BYTES, 206: BYTES, 304: null }, ["unauthorized"]) },
  );

function nameIn({ headers }: Request): string {
  try {
    return decodeURIComponent(headers.get("x-file-name") ?? "");
  } catch {
    return refuse("invalid", { fields: ["x-file-name"] });
  }
}
