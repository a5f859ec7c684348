import "../styles/status.css";
import { strings } from "../lib/strings.ts";
import type { App } from "../models/app.ts";
import { copy } from "./copy.ts";
import { Icon } from "./icon.tsx";

/** What is so for the whole visit: it stands over the page from the beginning. */
export function Notes({ app }: { app: App }) {
  const isLasting = app.outbox.lasting.value;
  const isAdmin = app.account.me.value?.role !== "member";
  return (
    <>
      {isAdmin && !app.isSecure() && <p class="status__note">{strings.not_encrypted}</p>}
      {!isLasting && <p class="status__note">{strings.no_storage}</p>}
    </>
  );
}

/**
 * What is not as it should be. It lies over the conversation and comes last in the page, because what comes and goes must not move what is being
 * read. `status` says a thing once: what only counts is hidden from it.
 */
export function Status({ app }: { app: App }) {
  const isOld = app.fresh.is_old.value;
  return (
    <div class="status">
      <div class="status__said" role="status">
        <Trouble app={app} />
        <Said app={app} />
      </div>
      {isOld && (
        <p class="status__line" data-state="new">
          <span>{strings.new_version}</span>
          <button class="link" type="button" onClick={() => location.reload()}>
            {strings.reload_now}
          </button>
        </p>
      )}
    </div>
  );
}

function Trouble({ app }: { app: App }) {
  const trouble = app.reach.trouble.value;
  const wait_s = app.reach.wait_s.value;
  if (trouble === "none") return null;
  const words = { connecting: strings.connecting, offline: strings.offline, restarting: strings.restarting }[trouble];
  return (
    <p class="status__line" data-state={trouble}>
      <span>{words}</span>
      {trouble === "offline" && (
        <>
          <span class="status__count" aria-hidden="true">
            {wait_s > 0 && strings.offline_in(wait_s)}
          </span>
          <button class="link" type="button" onClick={() => app.hurry()}>
            {strings.try_now}
          </button>
        </>
      )}
    </p>
  );
}

function Said({ app }: { app: App }) {
  const notice = app.notice.value;
  if (notice === null) return null;
  const { words, kind, request_id, again, wait_s } = notice;
  return (
    <p class="status__line" data-state={kind}>
      <span class={wait_s === undefined ? undefined : "hidden"}>{words}</span>
      {wait_s !== undefined && (
        <span class="status__count" aria-hidden="true">
          {strings.try_again(wait_s)}
        </span>
      )}
      {again && (
        <button class="link" type="button" onClick={again}>
          {strings.retry}
        </button>
      )}
      {request_id !== undefined && (
        <button class="link" type="button" title={strings.request_id(request_id)} onClick={() => void copy(app, request_id)}>
          {strings.copy_request}
        </button>
      )}
      <button class="tool status__close" type="button" aria-label={strings.dismiss} onClick={() => app.say(null)}>
        <Icon sign="close" />
      </button>
    </p>
  );
}
