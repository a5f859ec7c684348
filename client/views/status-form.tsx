import "../styles/status-form.css";
import { useEffect, useRef } from "preact/hooks";
import { loadEmoji } from "../lib/emoji.ts";
import { fullTimeOf } from "../lib/dates.ts";
import { endOf, type Lasting, lastings } from "../lib/status-ends.ts";
import { statusStrings as words } from "../lib/status-strings.ts";
import { strings } from "../lib/strings.ts";
import type { App } from "../models/app.ts";
import { closeDialog } from "./dialog.tsx";
import { submit } from "./form.ts";
import { Icon } from "./icon.tsx";

const usual: readonly { name: keyof typeof words.usuals; emoji: string; lasting: Lasting }[] = [
  { name: "meeting", emoji: "🗓️", lasting: "hour" },
  { name: "focus", emoji: "🎧", lasting: "hour" },
  { name: "commute", emoji: "🚌", lasting: "half_hour" },
  { name: "sick", emoji: "🤒", lasting: "today" },
  { name: "home", emoji: "🏡", lasting: "today" },
  { name: "away", emoji: "🌴", lasting: "stays" },
];
const KEPT = "kept";

/** One's own status: an emoji, words, and how long it holds. The usual ones fill the form, and are saved like any other. */
export function StatusForm({ app }: { app: App }) {
  const status = app.people.users.value.get(app.account.me.value?.id ?? "")?.status; // gone there when it has ended
  const form = useRef<HTMLFormElement>(null);
  const field = (name: string): HTMLInputElement | HTMLSelectElement | null => form.current?.querySelector(`[name="${name}"]`) ?? null;
  const fill = (texts: Record<string, string>): void => {
    for (const [name, text] of Object.entries(texts)) {
      const one = field(name);
      if (one) one.value = text;
    }
    field("status.text")?.focus();
  };
  const choose = async ({ currentTarget }: { currentTarget: HTMLElement }): Promise<void> => {
    const { showPicker } = await import("./emoji-picker.tsx");
    showPicker(app, currentTarget, (emoji) => fill({ "status.emoji": emoji }));
  };
  useEffect(() => field("status.text")?.focus(), []);
  const save = (event: SubmitEvent) =>
    submit(
      event,
      async ({ "status.emoji": emoji = "", "status.text": text = "", lasting = "" }) => {
        const sign = await emojiOf(emoji);
        const until = lasting === KEPT ? status?.until : endOf(lastings.find((one) => one === lasting) ?? "stays", Date.now())?.toISOString();
        if (sign === "" && text.trim() === "") return clear();
        await app.account.change({ status: { ...(sign !== "" && { emoji: sign }), text, ...(until !== undefined && { until }) } });
        closeDialog("status");
      },
      { invalid: words.no_emoji },
    );
  const clear = async (): Promise<void> => {
    await app.account.change({ status: null });
    closeDialog("status");
  };
  return (
    <form class="dialog__form" onSubmit={save} ref={form}>
      <div class="status-form__line">
        <label class="field">
          <span class="field__label">{words.emoji}</span>
          <input class="field__input" name="status.emoji" maxLength={40} autocomplete="off" placeholder="🙂" defaultValue={status?.emoji ?? ""} />
        </label>
        <button class="tool" type="button" aria-label={words.choose} title={words.choose} aria-haspopup="dialog" onClick={choose}>
          <Icon sign="smile" />
        </button>
        <label class="field status-form__text">
          <span class="field__label">{words.text}</span>
          <input class="field__input" name="status.text" maxLength={100} autocomplete="off" dir="auto" defaultValue={status?.text ?? ""} />
        </label>
      </div>
      <span class="field__alert" role="alert" data-of="status.emoji" />
      <fieldset>
        <legend class="field__label">{words.usual}</legend>
        <div class="status-form__usual">
          {usual.map(({ name, emoji, lasting }) => (
            <button
              class="button"
              type="button"
              key={name}
              onClick={() => fill({ "status.emoji": emoji, "status.text": words.usuals[name], lasting })}
            >
              <span aria-hidden="true">{emoji}</span> {words.usuals[name]}
            </button>
          ))}
        </div>
      </fieldset>
      <label class="field">
        <span class="field__label">{words.ends}</span>
        <select class="field__input" name="lasting">
          {status?.until !== undefined && (
            <option value={KEPT} selected>
              {words.keep_end(fullTimeOf(status.until))}
            </option>
          )}
          {lastings.map((one) => (
            <option key={one} value={one} selected={one === "stays" && status?.until === undefined}>
              {words.choices[one]}
            </option>
          ))}
        </select>
      </label>
      <p class="field__alert" role="alert" />
      <div class="dialog__buttons">
        {status && (
          <button class="button" type="button" onClick={() => void app.attempt(clear)}>
            {words.clear}
          </button>
        )}
        <button class="button" data-kind="main" type="submit">
          {strings.save}
        </button>
      </div>
    </form>
  );
}

/** What was typed, or the emoji of that name. */
async function emojiOf(typed: string): Promise<string> {
  const name = /^[:：]?([\p{L}\p{N}_+-]+)[:：]?$/u.exec(typed.trim())?.[1];
  return name === undefined ? typed.trim() : ((await loadEmoji()).written(name)?.sign ?? typed.trim());
}
