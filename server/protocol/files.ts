/** Files: what an upload is answered. */
import { type Static, Type as t } from "@sinclair/typebox";
import { Id, Time } from "../protocol.ts";
import { FileOfMessage } from "./file-of-message.ts";

/** Uploaded, and in no message yet: its uploader alone can read it, and after a day it goes. */
export const UploadedFile = t.Composite([FileOfMessage, t.Object({ room_id: Id, created_at: Time })]);

export type UploadedFile = Static<typeof UploadedFile>;
