import "../styles/card.css";
import { fullTimeOf } from "../lib/dates.ts";
import { personStrings } from "../lib/person-strings.ts";
import { strings } from "../lib/strings.ts";
import type { App } from "../models/app.ts";
import { closeDialog, Dialog, openDialog } from "./dialog.tsx";
import { Face, PresenceSign } from "./face.tsx";
import { Icon } from "./icon.tsx";
import { nameOf } from "./names.ts";
import { StatusSign } from "./status-sign.tsx";

/** Opens the card of somebody; they need not be known yet. */
export function showCard(app: App, user_id: string): void {
  app.people.find([user_id]);
  app.directory.show(user_id);
  openDialog("card");
}

export function CardDialog({ app }: { app: App }) {
  const id = app.directory.shown.value;
  const user = app.people.users.value.get(id ?? "");
  const mine = app.account.me.value?.id;
  const write = (): void => {
    closeDialog("card");
    void app.attempt(async () => {
      if (id !== null) app.place.go(`/r/${(await app.startDirect([id])).id}`);
    });
  };
  const setStatus = (): void => {
    closeDialog("card");
    openDialog("status");
  };
  const name = id === null ? "" : nameOf(app, id);
  return (
    <Dialog name="card" title={strings.profile_of(name)}>
      <div class="card">
        <Face app={app} id={id ?? ""} name={name} size="large" />
        <div class="card__words">
          <p class="card__name" title={name}>
            <bdi>{name}</bdi>
          </p>
          {user?.username !== undefined && <p class="quiet">@{user.username}</p>}
          <p class="card__state">
            {id !== null && <PresenceSign app={app} user_id={id} />}
            {user && user.role !== "member" && <span class="card__tag">{strings.roles[user.role]}</span>}
            {user?.kind === "bot" && <span class="card__tag">{strings.bot}</span>}
            {user?.disabled_at !== undefined && <span class="card__tag">{strings.deactivated}</span>}
          </p>
          {user?.status && (
            <p class="card__status">
              <StatusSign user={user} /> <bdi aria-hidden={user.status.emoji === undefined}>{user.status.text}</bdi>
              {user.status.until !== undefined && <span class="quiet">{personStrings.status_until(fullTimeOf(user.status.until))}</span>}
            </p>
          )}
        </div>
      </div>
      {user && id === mine && (
        <button class="button" type="button" onClick={setStatus}>
          <Icon sign="smile" />
          {personStrings.set_status}
        </button>
      )}
      {user && user.disabled_at === undefined && id !== mine && (
        <button class="button" data-kind="main" type="button" onClick={write}>
          <Icon sign="message" />
          {strings.write_to}
        </button>
      )}
    </Dialog>
  );
}
