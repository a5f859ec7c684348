import "../styles/status.css";
import { strings } from "../lib/strings.ts";
import type { App } from "../models/app.ts";

/** One line over the conversation when something is not as it should be. Shown two seconds late by CSS, so that a short break passes unseen. */
export function Status({ app }: { app: App }) {
  const { state } = app.reach.value;
  const admin = app.account.me.value?.role !== "member";
  const words = state === "open" ? null : state === "restarting" ? strings.restarting : state === "connecting" ? strings.connecting : strings.offline;
  return (
    <div class="status" role="status">
      {words !== null && (
        <p class="status__line" data-state={state}>
          {words}{" "}
          {state === "waiting" && (
            <button class="link" type="button" onClick={() => app.hurry()}>
              {strings.try_now}
            </button>
          )}
        </p>
      )}
      {admin && !app.isSecure() && <p class="status__note">{strings.not_encrypted}</p>}
      {!app.outbox.isLasting() && <p class="status__note">{strings.no_storage}</p>}
    </div>
  );
}
