/** The doors one goes through once: a workspace is made, an account is made. */
import { strings } from "../lib/strings.ts";
import type { Invitation } from "../models/account.ts";
import type { App } from "../models/app.ts";
import { Entry, Field, Submit } from "./entry.tsx";
import { submit } from "./form.ts";
import { Password } from "./password.tsx";

type Props = { app: App };

export function SetUp({ app }: Props) {
  const token = app.place.secret.value;
  const setUp = (event: SubmitEvent) =>
    submit(
      event,
      async ({ setup_token = "", workspace = "", username = "", password = "" }) => {
        await app.account.setUp({ setup_token, workspace, username, password });
        app.place.forgetSecret();
        app.place.goOn("/");
      },
      { unauthorized: strings.wrong_token },
      { not_found: () => app.account.be("signed_out", strings.setup_done) },
    );
  return (
    <Entry title={strings.setup_title} intro={strings.setup_intro}>
      <form class="entry__form" onSubmit={setUp}>
        {token === "" ? (
          <Field name="setup_token" label={strings.setup_token} hint={strings.setup_token_hint} />
        ) : (
          <input type="hidden" name="setup_token" value={token} />
        )}
        <Field name="workspace" label={strings.workspace} autocomplete="organization" />
        <Field name="username" label={strings.username} hint={strings.username_hint} autocomplete="username" />
        <Password autocomplete="new-password" />
        <Submit words={strings.make_workspace} />
      </form>
    </Entry>
  );
}

export function Join({ app }: Props) {
  const code = app.place.secret.value;
  const door = app.account.invitation.value;
  const isShut = code === "" ? door !== null && ["invite", "closed"].includes(door.registration) : door?.valid === false;
  const join = (event: SubmitEvent) =>
    submit(
      event,
      async ({ username = "", password = "" }) => {
        await app.account.register(username, password, code === "" ? undefined : code);
        app.place.forgetSecret();
        app.place.goOn("/");
      },
      { forbidden: code === "" ? strings.join_closed : strings.join_invalid, conflict: strings.taken },
    );
  return (
    <Entry title={titleOfDoor(door, code, isShut)} intro={isShut ? "" : strings.join_hint} logo_id={door?.logo_id}>
      {!isShut && (
        <form class="entry__form" onSubmit={join}>
          <Field name="username" label={strings.username} hint={strings.username_hint} autocomplete="username" />
          <Password autocomplete="new-password" />
          <Submit words={strings.create_account} />
        </form>
      )}
      <div class="entry__notes">
        <button class="link" type="button" onClick={() => app.place.go("/sign-in")}>
          {strings.have_account}
        </button>
      </div>
    </Entry>
  );
}

function titleOfDoor(door: Invitation, code: string, isShut: boolean): string {
  if (isShut) return code !== "" ? strings.join_invalid : door?.registration === "closed" ? strings.join_closed_title : strings.join_no_code;
  return door === null || door.workspace === "" ? strings.join_title_open : strings.join_title(door.workspace);
}
