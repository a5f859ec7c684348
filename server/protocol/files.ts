/** Files: what an upload is answered. */
import { type Static, Type as t } from "@sinclair/typebox";
import { Id, Time } from "../protocol.ts";
import { FileOfMessage } from "./file-of-message.ts";

/** Uploaded, and in no message yet: its uploader alone can read it, and after a day it goes. */
export const UploadedFile = t.Composite([FileOfMessage, t.Object({ room_id: Id, created_at: Time })]);

export type UploadedFile = Static<typeof UploadedFile>;

/** Where a browser saves the file from by itself: once, within `expires_in` seconds, without a credential of its own. */
export const FileTicket = t.Object({ url: t.String(), expires_in: t.Integer() });

export type FileTicket = Static<typeof FileTicket>;
