import "../styles/page.css";
import { useEffect } from "preact/hooks";
import { showFavicon } from "../lib/favicon.ts";
import { strings } from "../lib/strings.ts";
import { workspaceNames } from "../lib/workspace-names.ts";
import type { App } from "../models/app.ts";
import { NotificationsDialog } from "./bell.tsx";
import { createLater } from "../models/later.ts";
import { CardDialog } from "./card.tsx";
import { ConfirmDialog } from "./confirm.tsx";
import { DetailsAside } from "./details-aside.tsx";
import { AddPeopleDialog, InviteDialog, NewChannelDialog, NewDirectDialog } from "./dialogs.tsx";
import { Ended, SignIn, Unreachable } from "./entry.tsx";
import { HelpDialog } from "./help-door.tsx";
import { listenKeys } from "./keys.ts";
import { Late } from "./late.tsx";
import { LateDialogs } from "./late-dialogs.tsx";
import { Log } from "./log.tsx";
import { roomTitle, tabTitle, waitingIn } from "./names.ts";
import { Pane } from "./pane.tsx";
import { RoomToCome, RoomView } from "./room.tsx";
import { RowMenu } from "./row-menu.tsx";
import { Sidebar } from "./sidebar.tsx";
import { Notes, Status } from "./status.tsx";
import { Switcher } from "./switcher.tsx";
import { WorkspaceDoor } from "./workspace-door.tsx";
import { ThreadAside } from "./thread-aside.tsx";

const browse = createLater(() => import("./browse.tsx"));
const saved = createLater(() => import("./saved.tsx"));
const first = createLater(() => import("./entry-first.tsx"));
const settings = createLater(() => import("./me.tsx"));

/** Another language is another page: what is drawn reads the catalogues once, and what was written is in the models. */
export const Page = ({ app }: { app: App }) => <Spoken key={app.speech.spoken.value} app={app} />;

function Spoken({ app }: { app: App }) {
  const state = app.account.state.value;
  const screen = app.place.screen.value;
  const title = tabTitle(app);
  const { addressed, other } = waitingIn(app);
  useEffect(() => {
    document.title = title;
  }, [title]);
  useEffect(() => showFavicon({ addressed, other }), [addressed, other]);
  if (state === "unknown") return app.wasHere() ? <Shell app={app} /> : null; // the frame at once for who was signed in here
  if (state === "offline") return <Unreachable app={app} />;
  if (state === "ended" || state === "disabled" || state === "outdated") return <Ended app={app} />;
  if (screen === "setup") return <Late of={first}>{({ SetUp }) => <SetUp app={app} />}</Late>;
  if (screen === "join") return <Late of={first}>{({ Join }) => <Join app={app} />}</Late>;
  if (screen === "sign-in") return <SignIn app={app} />;
  return <Shell app={app} />;
}

function Shell({ app }: { app: App }) {
  const screen = app.place.screen.value;
  const isToCome = !app.rooms.told.value && (app.account.state.value !== "signed_in" || !["browse", "me", "workspace", "saved"].includes(screen));
  const room = app.room.value;
  const isLaid = app.layers.open.value.includes("details");
  const thread = screen === "room" && room ? app.threads.shown.value : null;
  const details = isLaid && screen === "room" && thread === null ? room : null;
  const names: Partial<Record<typeof screen, string>> = {
    browse: strings.browse,
    me: strings.settings,
    workspace: workspaceNames.manage,
    saved: strings.saved_messages,
  };
  useEffect(() => listenKeys(app), []);
  return (
    <div class="shell" data-screen={screen} data-details={details !== null || thread !== null}>
      <a class="skip" href="#messages" onClick={skipTo("messages")}>
        {strings.skip_to_messages}
      </a>
      <a class="skip" href="#composer" onClick={skipTo("composer")}>
        {strings.skip_to_writing}
      </a>
      <Pane>
        <Sidebar app={app} />
      </Pane>
      <main class="shell__main" aria-label={names[screen] ?? (room ? roomTitle(app, room) : strings.main_region)}>
        <Pane>
          <Notes app={app} />
        </Pane>
        <div class="shell__pane">
          <Pane key={isToCome ? "to come" : (room?.id ?? screen)}>{isToCome ? <RoomToCome /> : <Screen app={app} />}</Pane>
          <Pane>
            <Status app={app} />
          </Pane>
        </div>
      </main>
      {room && thread !== null && (
        <Pane key={`thread ${thread}`}>
          <ThreadAside app={app} room={room} />
        </Pane>
      )}
      {details && (
        <Pane key={`details ${details.id}`}>
          <DetailsAside app={app} room={details} />
        </Pane>
      )}
      <Pane>
        <Log app={app} />
      </Pane>
      <Pane>
        <Dialogs app={app} />
      </Pane>
    </div>
  );
}

function Screen({ app }: { app: App }) {
  const screen = app.place.screen.value;
  if (screen === "workspace") return <WorkspaceDoor app={app} />;
  if (screen === "saved") return <Late of={saved}>{({ SavedPage }) => <SavedPage app={app} />}</Late>;
  if (screen === "browse") return <Late of={browse}>{({ Browse }) => <Browse app={app} />}</Late>;
  return screen === "me" ? <Late of={settings}>{({ MePage }) => <MePage app={app} />}</Late> : <RoomView app={app} />;
}

function Dialogs({ app }: { app: App }) {
  const room = app.room.value;
  return (
    <>
      <Switcher app={app} />
      <NewChannelDialog app={app} />
      <NewDirectDialog app={app} />
      <InviteDialog app={app} />
      <HelpDialog app={app} />
      <NotificationsDialog app={app} />
      <CardDialog app={app} />
      {room && <AddPeopleDialog app={app} room={room} />}
      <RowMenu app={app} />
      <LateDialogs app={app} />
      <ConfirmDialog />
    </>
  );
}

/** Moves the focus and leaves the address alone. */
const skipTo = (id: string) => (event: MouseEvent) => {
  event.preventDefault();
  document.getElementById(id)?.focus();
};
