import type { App } from "../models/app.ts";
import { strings } from "../lib/strings.ts";
import { Browse } from "./browse.tsx";
import { Ended, Join, SetUp, SignIn, Unreachable } from "./entry.tsx";
import { RoomView } from "./room.tsx";
import { Sidebar } from "./sidebar.tsx";
import { Status } from "./status.tsx";

export function Page({ app }: { app: App }) {
  const state = app.account.state.value;
  const screen = app.screen.value;
  if (state === "unknown") return null;
  if (state === "offline") return <Unreachable app={app} />;
  if (state === "ended" || state === "disabled") return <Ended app={app} />;
  if (screen === "setup") return <SetUp app={app} />;
  if (screen === "join") return <Join app={app} />;
  if (screen === "sign-in") return <SignIn app={app} />;
  return (
    <div class="shell" data-screen={screen}>
      <a class="skip" href="#messages">
        {strings.skip_to_messages}
      </a>
      <a class="skip" href="#composer">
        {strings.skip_to_writing}
      </a>
      <Sidebar app={app} />
      <main class="shell__main">
        <Status app={app} />
        {screen === "browse" ? <Browse app={app} /> : <RoomView app={app} />}
      </main>
    </div>
  );
}
