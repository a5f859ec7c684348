import "../styles/entry.css";
import type { ComponentChildren } from "preact";
import { strings } from "../lib/strings.ts";
import type { App } from "../models/app.ts";
import { submit } from "./form.ts";

type Props = { app: App };

export function SetUp({ app }: Props) {
  const token = takeFragment();
  const setUp = (event: SubmitEvent) =>
    submit(
      event,
      async ({ setup_token = "", workspace = "", username = "", password = "" }) => {
        await app.account.setUp({ setup_token, workspace, username, password });
        app.go("/");
      },
      { not_found: strings.setup_done, unauthorized: strings.setup_token_hint },
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
        <Field name="password" label={strings.password} hint={strings.password_hint} type="password" autocomplete="new-password" />
        <Submit words={strings.make_workspace} />
      </form>
    </Entry>
  );
}

export function SignIn({ app }: Props) {
  const signIn = (event: SubmitEvent) =>
    submit(event, ({ username = "", password = "" }) => app.account.signIn(username, password), { unauthorized: strings.wrong_password });
  return (
    <Entry title={strings.sign_in_title} intro={strings.forgot}>
      <form class="entry__form" onSubmit={signIn}>
        <Field name="username" label={strings.username} autocomplete="username" />
        <Field name="password" label={strings.password} type="password" autocomplete="current-password" />
        <Submit words={strings.sign_in} />
      </form>
    </Entry>
  );
}

export function Join({ app }: Props) {
  const code = takeFragment();
  const join = (event: SubmitEvent) =>
    submit(
      event,
      async ({ username = "", password = "" }) => {
        await app.account.register(username, password, code);
        app.go("/");
      },
      { forbidden: strings.join_invalid, conflict: strings.taken },
    );
  return (
    <Entry title={strings.create_account} intro="">
      <p class="entry__workspace" ref={(place) => void (place && nameWorkspace(app, code, place))} />
      <form class="entry__form" onSubmit={join}>
        <Field name="username" label={strings.username} hint={strings.username_hint} autocomplete="username" />
        <Field name="password" label={strings.password} hint={strings.password_hint} type="password" autocomplete="new-password" />
        <Submit words={strings.create_account} />
      </form>
      <button class="link" type="button" onClick={() => app.go("/sign-in")}>
        {strings.have_account}
      </button>
    </Entry>
  );
}

export function Ended({ app }: Props) {
  return (
    <Entry title={app.account.state.value === "disabled" ? strings.disabled : strings.ended} intro="">
      <button class="button" type="button" onClick={() => app.account.be("signed_out")}>
        {strings.sign_in}
      </button>
    </Entry>
  );
}

export function Unreachable({ app }: Props) {
  return (
    <Entry title={strings.offline_short} intro="">
      <button class="button" type="button" onClick={() => void app.account.find()}>
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

type FieldProps = { name: string; label: string; hint?: string; type?: "text" | "password"; autocomplete?: string };

function Field({ name, label, hint, type = "text", autocomplete = "off" }: FieldProps) {
  const describedBy = hint === undefined ? {} : { "aria-describedby": `${name}-hint` };
  const shared = { class: "field__input", name, autocomplete, autocapitalize: "none" as const, spellcheck: false, required: true, ...describedBy };
  return (
    <label class="field">
      <span class="field__label">{label}</span>
      {type === "password" ? <input type="password" {...shared} /> : <input type="text" {...shared} />}
      {hint !== undefined && (
        <span class="field__hint" id={`${name}-hint`}>
          {hint}
        </span>
      )}
    </label>
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

let fragment: string | null = null;

/** The secret of a setup or invite link: taken once, and cleared from the address bar. */
function takeFragment(): string {
  if (location.hash.length > 1) {
    fragment = decodeURIComponent(location.hash.slice(1));
    history.replaceState(null, "", location.pathname);
  }
  return fragment ?? "";
}

async function nameWorkspace(app: App, code: string, place: HTMLElement): Promise<void> {
  if (place.textContent !== "") return;
  const { workspace, valid } = await app.account.checkInvite(code).catch(() => ({ workspace: "", valid: false }));
  place.textContent = valid ? strings.join_title(workspace) : strings.join_invalid;
}
