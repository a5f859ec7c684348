/** A file as its message's row tells it. By itself, because protocol.ts leans on it. */
import { type Static, Type as t } from "@sinclair/typebox";

/** As many may one message hold. */
export const FILES_MAX = 10;

/** `width` and `height` in pixels only of a picture that may be shown; `preview` where there is a smaller one of it. */
export const FileOfMessage = t.Object({
  id: t.String(),
  name: t.String(),
  /** Told from the bytes, never from the name: what it may be opened with, not what to trust. */
  type: t.String(),
  bytes: t.Integer({ minimum: 0 }),
  width: t.Optional(t.Integer({ minimum: 1 })),
  height: t.Optional(t.Integer({ minimum: 1 })),
  preview: t.Optional(t.Literal(true)),
});

export type FileOfMessage = Static<typeof FileOfMessage>;
