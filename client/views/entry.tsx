import "../styles/entry.css";
import type { ComponentChildren } from "preact";
import { strings } from "../lib/strings.ts";
import type { App } from "../models/app.ts";
import { submit } from "./form.ts";

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

export function SignIn({ app }: Props) {
  const words = app.account.why.value;
  const signIn = (event: SubmitEvent) =>
    submit(event, ({ username = "", password = "" }) => app.account.signIn(username, password), { unauthorized: strings.wrong_password });
  return (
    <Entry title={words ?? strings.sign_in_title} intro="">
      <form class="entry__form" onSubmit={signIn}>
        <Field name="username" label={strings.username} autocomplete="username" />
        <Password autocomplete="current-password" />
        <Submit words={strings.sign_in} />
      </form>
      <p class="entry__note">{strings.forgot}</p>
    </Entry>
  );
}

export function Join({ app }: Props) {
  const code = app.place.secret.value;
  const invitation = app.account.invitation.value;
  const isClosed = code !== "" && invitation?.valid === false;
  const title = invitation?.valid ? strings.join_title(invitation.workspace) : isClosed ? strings.join_invalid : strings.join_title_open;
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
    <Entry title={title} intro="">
      {!isClosed && (
        <form class="entry__form" onSubmit={join}>
          <Field name="username" label={strings.username} hint={strings.username_hint} autocomplete="username" />
          <Password autocomplete="new-password" />
          <Submit words={strings.create_account} />
        </form>
      )}
      <button class="link" type="button" onClick={() => app.place.go("/sign-in")}>
        {strings.have_account}
      </button>
    </Entry>
  );
}

export function Ended({ app }: Props) {
  const state = app.account.state.value;
  if (state === "outdated") {
    return (
      <Entry title={strings.outdated} intro="">
        <button class="button" data-kind="main" type="button" onClick={() => location.reload()}>
          {strings.reload}
        </button>
      </Entry>
    );
  }
  return (
    <Entry title={state === "disabled" ? strings.disabled : strings.ended} intro="">
      <button class="button" data-kind="main" type="button" onClick={() => app.account.be("signed_out")}>
        {strings.sign_in}
      </button>
    </Entry>
  );
}

export function Unreachable({ app }: Props) {
  return (
    <Entry title={strings.offline_short} intro="">
      <button class="button" data-kind="main" type="button" onClick={() => void app.account.find()}>
        {strings.try_now}
      </button>
    </Entry>
  );
}

function Entry({ title, intro, children }: { title: string; intro: string; children: ComponentChildren }) {
  return (
    <main class="entry">
      <p class="entry__product">{strings.product}</p>
      <h1 class="entry__title">{title}</h1>
      {intro !== "" && <p class="entry__intro">{intro}</p>}
      {children}
    </main>
  );
}

type FieldProps = { name: string; label: string; hint?: string; autocomplete?: string };

function Field({ name, label, hint, autocomplete = "off" }: FieldProps) {
  return (
    <div class="field">
      <label class="field__label" for={name}>
        {label}
      </label>
      <input
        class="field__input"
        id={name}
        type="text"
        name={name}
        autocomplete={autocomplete}
        autocapitalize="none"
        spellcheck={false}
        required
        aria-describedby={hint === undefined ? undefined : `${name}-hint`}
      />
      {hint !== undefined && (
        <span class="field__hint" id={`${name}-hint`}>
          {hint}
        </span>
      )}
    </div>
  );
}

function Password({ autocomplete }: { autocomplete: "new-password" | "current-password" }) {
  const isNew = autocomplete === "new-password";
  const show = ({ currentTarget }: Event & { currentTarget: HTMLInputElement }): void => {
    const field = currentTarget.form?.elements.namedItem("password");
    if (field instanceof HTMLInputElement) field.type = currentTarget.checked ? "text" : "password";
  };
  return (
    <div class="field">
      <label class="field__label" for="password">
        {strings.password}
      </label>
      <input
        class="field__input"
        id="password"
        type="password"
        name="password"
        autocomplete={autocomplete}
        autocapitalize="none"
        spellcheck={false}
        required
        aria-describedby={isNew ? "password-hint" : undefined}
      />
      {isNew && (
        <span class="field__hint" id="password-hint">
          {strings.password_hint}
        </span>
      )}
      <label class="choice field__hint">
        <input type="checkbox" onChange={show} />
        {strings.show_password}
      </label>
    </div>
  );
}

function Submit({ words }: { words: string }) {
  return (
    <>
      <p class="field__alert" role="alert" />
      <button class="button" data-kind="main" type="submit">
        {words}
      </button>
    </>
  );
}
