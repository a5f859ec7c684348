import "../styles/bell.css";
import { bellStrings } from "../lib/bell-strings.ts";
import type { App } from "../models/app.ts";
import { createLater } from "../models/later.ts";
import { Dialog, openDialog } from "./dialog.tsx";
import { Icon } from "./icon.tsx";
import { Late } from "./late.tsx";

const panel = createLater(() => import("./notification-panel.tsx"));

/** What applications have told this person: how much of it is new, and the way to all of it. */
export function Bell({ app }: { app: App }) {
  const count = app.notifications.waiting.value.length;
  const words = count === 0 ? bellStrings.notifications : bellStrings.bell(count);
  return (
    <button class="tool bell" type="button" aria-haspopup="dialog" aria-label={words} title={words} onClick={() => openDialog("notifications")}>
      <Icon sign="bell" />
      {count > 0 && (
        <span class="bell__count" aria-hidden="true">
          {count > 99 ? "99+" : count}
        </span>
      )}
    </button>
  );
}

export function NotificationsDialog({ app }: { app: App }) {
  const isOpen = app.notifications.is_open.value;
  return (
    <Dialog
      name="notifications"
      title={bellStrings.notifications}
      onOpen={() => app.notifications.opened(true)}
      onClose={() => app.notifications.opened(false)}
    >
      {isOpen && <Late of={panel}>{({ NotificationPanel }) => <NotificationPanel app={app} />}</Late>}
    </Dialog>
  );
}
