import "../styles/status.css";
import { strings } from "../lib/strings.ts";
import type { App } from "../models/app.ts";

/** What is not as it should be, over the conversation. Trouble shows two seconds late, by CSS, so that a short break passes unseen. */
export function Status({ app }: { app: App }) {
  const trouble = app.reach.trouble.value;
  const notice = app.notice.value;
  const isLasting = app.outbox.lasting.value;
  const isAdmin = app.account.me.value?.role !== "member";
  const words = { none: null, connecting: strings.connecting, offline: strings.offline, restarting: strings.restarting }[trouble];
  return (
    <div class="status" role="status">
      {words !== null && (
        <p class="status__line" data-state={trouble} key="trouble">
          <span>{words}</span>
          {trouble === "offline" && (
            <button class="link" type="button" onClick={() => app.hurry()}>
              {strings.try_now}
            </button>
          )}
        </p>
      )}
      {notice !== null && (
        <p class="status__line" data-state="notice" key="notice">
          <span>{notice}</span>
          <button class="link" type="button" onClick={() => app.say(null)}>
            {strings.close}
          </button>
        </p>
      )}
      {isAdmin && !app.isSecure() && <p class="status__note">{strings.not_encrypted}</p>}
      {!isLasting && <p class="status__note">{strings.no_storage}</p>}
    </div>
  );
}
