import type { Me } from "../../server/protocol.ts";
import { pictureStrings as words } from "../lib/picture-strings.ts";
import type { App } from "../models/app.ts";
import { perApp } from "../models/per-app.ts";
import { createPictureDesk, PICTURE_BYTES } from "../models/picture-desk.ts";
import { Face } from "./face.tsx";
import { PictureField } from "./picture-field.tsx";

const deskOf = perApp((api, app) =>
  createPictureDesk<Me>({
    api,
    path: "/me/avatar",
    most: () => Math.min(PICTURE_BYTES, app.limits.peek().file_bytes),
    took: app.account.changed,
    say: (said) => app.say(said, "done"),
  }),
);

/** One's own picture, as everybody sees it. */
export function OwnFace({ app }: { app: App }) {
  const me = app.account.me.value;
  if (!me) return null;
  return (
    <PictureField desk={deskOf(app)} label={words.mine} hint={words.face_hint} has={me.avatar_id !== undefined}>
      <Face app={app} id={me.id} name={me.display_name} avatar_id={me.avatar_id} size="large" />
    </PictureField>
  );
}
