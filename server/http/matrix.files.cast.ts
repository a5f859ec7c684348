/** The rows of the rights matrix that are about files: whoever may post in the room brings them, whoever can read their message reads them. */
import type { Stage } from "./matrix.cast.ts";
import type { Entry } from "./matrix.entries.cast.ts";

//                nobody mallory cy  bob dan ann revoked expired
const ROOM = "       401 404 404 200 200 200 401 401";
const BOBS = "       401 404 404 200 404 404 401 401";
const ROOM_MADE = "  401 404 404 201 201 201 401 401";
const BOBS_MADE = "  401 404 404 201 404 404 401 401";
const NO_CREDENTIAL_OPENS = "401 401 401 401 401 401 401 401";
const BOBS_DONE = "  401 404 404 204 404 404 401 401";
const NOBODYS = "    401 404 404 404 404 404 401 401";

const posted = async (stage: Stage) => ({ file_id: await stage.bobsFile() });
const uploaded = async (stage: Stage) => ({ file_id: await stage.bobsUpload() });

export const fileEntries: readonly Entry[] = [
  // without a byte, which goes to show who gets as far as being told so; files.test.ts brings bytes
  {
    route: "POST /api/v1/rooms/:room_id/files/",
    answers: "401 404 404 422 422 422 401 401",
    params: async (stage) => ({ room_id: await stage.room() }),
  },
  { route: "GET /api/v1/files/:file_id/", answers: ROOM, params: posted },
  { route: "GET /api/v1/files/:file_id/ that is in no message yet", answers: BOBS, params: uploaded },
  { route: "GET /api/v1/files/:file_id/preview", answers: ROOM, params: posted },
  { route: "GET /api/v1/files/:file_id/preview of what is in no message yet", answers: BOBS, params: uploaded },
  { route: "POST /api/v1/files/:file_id/tickets", answers: ROOM_MADE, params: posted },
  { route: "POST /api/v1/files/:file_id/tickets of what is in no message yet", answers: BOBS_MADE, params: uploaded },
  { route: "GET /api/v1/files/:file_id/download", answers: NO_CREDENTIAL_OPENS, params: posted, query: `ticket=${"t".repeat(43)}` },
  { route: "DELETE /api/v1/files/:file_id/", answers: BOBS_DONE, params: uploaded },
  { route: "DELETE /api/v1/files/:file_id/ that is in a message", answers: NOBODYS, params: posted },
];
