import { useEffect } from "preact/hooks";
import type { App } from "../models/app.ts";
import { strings } from "../lib/strings.ts";
import { Browse } from "./browse.tsx";
import { Ended, Join, SetUp, SignIn, Unreachable } from "./entry.tsx";
import { tabTitle } from "./names.ts";
import { RoomView } from "./room.tsx";
import { Sidebar } from "./sidebar.tsx";
import { Status } from "./status.tsx";

export function Page({ app }: { app: App }) {
  const state = app.account.state.value;
  const screen = app.place.screen.value;
  const title = tabTitle(app);
  useEffect(() => {
    document.title = title;
  }, [title]);
  if (state === "unknown") return null;
  if (state === "offline") return <Unreachable app={app} />;
  if (state === "ended" || state === "disabled" || state === "outdated") return <Ended app={app} />;
  if (screen === "setup") return <SetUp app={app} />;
  if (screen === "join") return <Join app={app} />;
  if (screen === "sign-in") return <SignIn app={app} />;
  return (
    <div class="shell" data-screen={screen}>
      <a class="skip" href="#messages" onClick={skipTo("messages")}>
        {strings.skip_to_messages}
      </a>
      <a class="skip" href="#composer" onClick={skipTo("composer")}>
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

/** Moves the focus and leaves the address alone. */
const skipTo = (id: string) => (event: MouseEvent) => {
  event.preventDefault();
  document.getElementById(id)?.focus();
};
