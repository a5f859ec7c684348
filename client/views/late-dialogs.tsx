import { personStrings } from "../lib/person-strings.ts";
import type { App } from "../models/app.ts";
import { createLater } from "../models/later.ts";
import { Dialog } from "./dialog.tsx";
import { Late } from "./late.tsx";

const status = createLater(() => import("./status-form.tsx"));
const pause = createLater(() => import("./pause.tsx"));

/** Dialogs whose inside is fetched when they are first opened. */
export function LateDialogs({ app }: { app: App }) {
  const open = app.acts.dialog.value;
  const events = (name: string) => ({ name, onOpen: () => app.acts.opened(name), onClose: () => app.acts.opened(null) });
  return (
    <>
      <Dialog {...events("status")} title={personStrings.set_status}>
        {open === "status" && <Late of={status}>{({ StatusForm }) => <StatusForm app={app} />}</Late>}
      </Dialog>
      <Dialog {...events("pause")} title={personStrings.pause}>
        {open === "pause" && <Late of={pause}>{({ Pause }) => <Pause app={app} />}</Late>}
      </Dialog>
    </>
  );
}
