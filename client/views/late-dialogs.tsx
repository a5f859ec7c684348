import { useEffect } from "preact/hooks";
import { personStrings } from "../lib/person-strings.ts";
import { strings } from "../lib/strings.ts";
import type { App } from "../models/app.ts";
import { createLater } from "../models/later.ts";
import { Dialog } from "./dialog.tsx";
import { Late } from "./late.tsx";

const people = createLater(() => import("./dialogs.tsx"));
const status = createLater(() => import("./status-form.tsx"));
const pause = createLater(() => import("./pause.tsx"));

/** Dialogs whose inside is fetched late, and is drawn while they are open. */
export function LateDialogs({ app }: { app: App }) {
  const open = app.acts.dialog.value;
  const room = app.room.value;
  const events = (name: string) => ({ name, onOpen: () => app.acts.opened(name), onClose: () => app.acts.opened(null) });
  useEffect(() => void globalThis.requestIdleCallback?.(people.load), []); // one of them is opened by a key, and typed into at once
  return (
    <>
      <Dialog {...events("new-channel")} title={strings.new_channel}>
        {open === "new-channel" && <Late of={people}>{({ NewChannel }) => <NewChannel app={app} />}</Late>}
      </Dialog>
      <Dialog {...events("new-direct")} title={strings.new_message}>
        {open === "new-direct" && <Late of={people}>{({ NewDirect }) => <NewDirect app={app} />}</Late>}
      </Dialog>
      <Dialog {...events("invite")} title={strings.invite_people}>
        {open === "invite" && <Late of={people}>{({ Invite }) => <Invite app={app} />}</Late>}
      </Dialog>
      {room && (
        <Dialog {...events("add-people")} title={strings.add_people}>
          {open === "add-people" && <Late of={people}>{({ AddPeople }) => <AddPeople app={app} room={room} />}</Late>}
        </Dialog>
      )}
      <Dialog {...events("status")} title={personStrings.set_status}>
        {open === "status" && <Late of={status}>{({ StatusForm }) => <StatusForm app={app} />}</Late>}
      </Dialog>
      <Dialog {...events("pause")} title={personStrings.pause}>
        {open === "pause" && <Late of={pause}>{({ Pause }) => <Pause app={app} />}</Late>}
      </Dialog>
    </>
  );
}
