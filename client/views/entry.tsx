import "../styles/entry.css";
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { strings } from "../lib/strings.ts";
import type { App } from "../models/app.ts";
import { submit } from "./form.ts";
import { logoAt } from "./logo.ts";
import { Password } from "./password.tsx";
import { Wordmark } from "./wordmark.tsx";

type Props = { app: App };

export function SignIn({ app }: Props) {
  const words = app.account.why.value;
  const door = app.account.invitation.value;
  const signIn = (event: SubmitEvent) =>
    submit(event, ({ username = "", password = "" }) => app.account.signIn(username, password), { unauthorized: strings.wrong_password });
  const title = door === null || door.workspace === "" ? strings.sign_in_title : strings.sign_in_to(door.workspace);
  return (
    <Entry title={words ?? title} intro="" logo_id={door?.logo_id}>
      <form class="entry__form" onSubmit={signIn}>
        <Field name="username" label={strings.username} autocomplete="username" />
        <Password autocomplete="current-password" />
        <Submit words={strings.sign_in} />
      </form>
      <div class="entry__notes">
        {door?.registration === "open" && (
          <p>
            <button class="link" type="button" onClick={() => app.place.go("/join")}>
              {strings.create_account}
            </button>
          </p>
        )}
        {door?.registration === "invite" && <p>{strings.join_closed}</p>}
        {door?.registration === "closed" && <p>{strings.join_closed_title}.</p>}
        <p>{strings.forgot}</p>
      </div>
    </Entry>
  );
}

/** The server's word that this page, this sign-in or this account is no longer good. What was written here stays for who wrote it. */
export function Ended({ app }: Props) {
  const state = app.account.state.value;
  if (state === "outdated") {
    return (
      <Entry role="alertdialog" title={strings.outdated_title} intro={strings.outdated_hint}>
        <button class="button" data-kind="main" type="button" onClick={() => location.reload()}>
          {strings.reload_now}
        </button>
      </Entry>
    );
  }
  const isDisabled = state === "disabled";
  return (
    <Entry
      role="alertdialog"
      title={isDisabled ? strings.disabled_title : strings.ended_title}
      intro={isDisabled ? strings.disabled_hint : strings.ended_hint}
    >
      <button class="button" data-kind="main" type="button" onClick={() => app.account.be("signed_out")}>
        {strings.sign_in}
      </button>
    </Entry>
  );
}

export function Unreachable({ app }: Props) {
  return (
    <Entry title={strings.unreachable_title} intro={strings.unreachable_hint}>
      <button class="button" data-kind="main" type="button" onClick={() => void app.account.find()}>
        {strings.try_now}
      </button>
    </Entry>
  );
}

type EntryProps = { title: string; intro: string; logo_id?: string | undefined; role?: "alertdialog"; children: ComponentChildren };

export function Entry({ title, intro, logo_id, role, children }: EntryProps) {
  const page = useRef<HTMLElement>(null);
  useEffect(() => {
    if (matchMedia("(pointer: fine)").matches) page.current?.querySelector<HTMLElement>("input:not([type=hidden]), .button")?.focus();
  }, []);
  return (
    <main class="entry" ref={page}>
      <div class="entry__card" role={role} aria-labelledby={role && "entry-title"} aria-describedby={role && "entry-intro"}>
        <Wordmark label={strings.product} />
        <header class="entry__head">
          <h1 class="entry__title" id="entry-title">
            {logo_id && <img class="entry__logo" src={logoAt(logo_id)} alt="" />}
            {title}
          </h1>
          {intro !== "" && (
            <p class="entry__intro" id="entry-intro">
              {intro}
            </p>
          )}
        </header>
        {children}
      </div>
    </main>
  );
}

type FieldProps = { name: string; label: string; hint?: string; autocomplete?: string };

export function Field({ name, label, hint, autocomplete = "off" }: FieldProps) {
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

export function Submit({ words }: { words: string }) {
  return (
    <>
      <p class="field__alert" role="alert" />
      <button class="button" data-kind="main" type="submit">
        {words}
      </button>
    </>
  );
}
