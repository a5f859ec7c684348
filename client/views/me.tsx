import "../styles/me.css";
import { meStrings } from "../lib/me-strings.ts";
import { strings } from "../lib/strings.ts";
import type { App } from "../models/app.ts";
import { createLater } from "../models/later.ts";
import { submit } from "./form.ts";
import { Late } from "./late.tsx";
import { OwnFace } from "./me-face.tsx";
import { Appearance } from "./me-appearance.tsx";
import { Devices } from "./me-devices.tsx";
import { Notifications } from "./me-notifications.tsx";
import { Quiet } from "./me-quiet.tsx";
import { changes, Switch } from "./me-switch.tsx";
import { PageHead } from "./page-head.tsx";
import { Password } from "./password.tsx";

type Props = { app: App };

const own = createLater(() => import("./me-own.tsx"));

export function MePage({ app }: Props) {
  return (
    <section class="me" aria-label={strings.settings}>
      <PageHead app={app} title={meStrings.settings_title} />
      <div class="me__scroll">
        <Profile app={app} />
        <Appearance app={app} />
        <Writing app={app} />
        <Notifications app={app} />
        <Quiet app={app} />
        <PasswordPart app={app} />
        <Devices app={app} />
        <Late of={own}>{({ Own }) => <Own app={app} />}</Late>
      </div>
    </section>
  );
}

function Profile({ app }: Props) {
  const me = app.account.me.value;
  const save = (event: SubmitEvent) =>
    submit(event, async ({ display_name = "" }) => {
      await app.account.change({ display_name });
      app.say(meStrings.saved, "done");
    });
  return (
    <section class="me__part">
      <h2 class="me__title">{meStrings.profile}</h2>
      <OwnFace app={app} />
      <form class="me__form" onSubmit={save}>
        <div class="field">
          <label class="field__label" for="display_name">
            {meStrings.display_name}
          </label>
          <input
            class="field__input"
            id="display_name"
            name="display_name"
            required
            maxLength={80}
            autocomplete="name"
            defaultValue={me?.display_name}
            aria-describedby="display_name-hint"
          />
          <span class="field__hint" id="display_name-hint">
            {meStrings.display_name_hint} {me?.username !== undefined && meStrings.username_fixed(me.username)}
          </span>
        </div>
        <p class="field__alert" role="alert" />
        <button class="button" type="submit">
          {strings.save}
        </button>
      </form>
    </section>
  );
}

function Writing({ app }: Props) {
  const { enter_sends, single_keys, speak } = app.settings.settings.value;
  return (
    <section class="me__part">
      <h2 class="me__title">{meStrings.writing}</h2>
      <Switch
        words={meStrings.enter_sends}
        hint={meStrings.enter_sends_hint}
        isOn={enter_sends}
        set={(isOn) => changes(app, { enter_sends: isOn })}
      />
      <Switch
        words={meStrings.single_keys}
        hint={meStrings.single_keys_hint}
        isOn={single_keys}
        set={(isOn) => changes(app, { single_keys: isOn })}
      />
      <Switch words={meStrings.speak} isOn={speak} set={(isOn) => changes(app, { speak: isOn })} />
    </section>
  );
}

function PasswordPart({ app }: Props) {
  const change = (event: SubmitEvent) => {
    const form = event.currentTarget;
    return submit(
      event,
      async ({ current_password = "", password = "" }) => {
        await app.account.changePassword(current_password, password);
        if (form instanceof HTMLFormElement) form.reset();
        app.say(meStrings.password_changed, "done");
        await app.devices.find();
      },
      { unauthorized: meStrings.wrong_current, forbidden: meStrings.wrong_current },
    );
  };
  return (
    <section class="me__part">
      <h2 class="me__title">{meStrings.password_title}</h2>
      <form class="me__form" onSubmit={change}>
        <input
          class="hidden"
          type="text"
          name="username"
          autocomplete="username"
          tabIndex={-1}
          aria-hidden="true"
          readOnly
          value={app.account.me.value?.username ?? ""}
        />
        <Password name="current_password" label={meStrings.current_password} autocomplete="current-password" />
        <Password name="password" label={meStrings.new_password} autocomplete="new-password" />
        <p class="field__alert" role="alert" />
        <button class="button" type="submit">
          {meStrings.change_password}
        </button>
      </form>
    </section>
  );
}
