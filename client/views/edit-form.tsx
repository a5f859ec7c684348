import "../styles/edit-form.css";
import { useLayoutEffect, useMemo, useRef } from "preact/hooks";
import type { Message } from "../../server/protocol.ts";
import { type Deed, deedOf, isComposed } from "../lib/shortcuts.ts";
import { strings } from "../lib/strings.ts";
import type { App } from "../models/app.ts";
import { actOnList } from "./composer-keys.ts";
import { submit } from "./form.ts";
import { format, pasteLink } from "./formatting.ts";
import { keyboardOf } from "./keyboard.ts";
import { askRemove } from "./row-acts.ts";
import { isCommand } from "./sending.ts";
import { completedBy, Suggestions } from "./suggestions.tsx";
import { breaksLine, fit, type FieldKey, focusComposer, insert } from "./writing.ts";

/** A message of one's own, changed in its place. A refusal keeps the text; an empty one asks to remove. */
export function EditForm({ app, message }: { app: App; message: Message }) {
  const field = useRef<HTMLTextAreaElement>(null);
  const begun = useMemo(() => app.acts.editOf(message.id), []); // before this form: it is drawn again, and nobody has asked for the focus
  const content = begun ?? message.content;
  const completion = useMemo(() => app.completionFor(), []);
  // Before it can be seen: who types on at once types into it.
  useLayoutEffect(() => {
    app.acts.keepEdit(message.id, content);
    fit(field.current);
    if (begun !== null) return;
    field.current?.focus();
    field.current?.setSelectionRange(content.length, content.length);
    field.current?.form?.scrollIntoView({ block: "nearest" }); // with its buttons: the message may have stood at the edge
  }, []);
  const end = (): void => {
    const inThread = Boolean(field.current?.closest("#thread"));
    app.acts.keepEdit(message.id, null);
    app.acts.beginEdit(null);
    focusComposer(inThread);
  };
  const save = (event: SubmitEvent): Promise<void> =>
    submit(event, async ({ content: next = "" }) => {
      if (next.trim() === "" && !message.files) return askRemove(app, message);
      if (next !== message.content) await app.edit(message, next);
      end();
    });
  const take = (at: number): void => {
    const insertion = completion.take(at);
    if (insertion && field.current) insert(field.current, insertion.text, insertion.from, insertion.to);
  };
  /** Whether the key was ours. */
  const run = (deed: Deed | undefined, event: FieldKey): boolean => {
    if (deed === "escape") end();
    else if (deed === "send" && !breaksLine(event)) event.currentTarget.form?.requestSubmit();
    else if (deed === "bold" || deed === "italic" || deed === "code" || deed === "strike") format(event.currentTarget, deed);
    else return false;
    return true;
  };
  const onKeyDown = (event: FieldKey): void => {
    const deed = deedOf(event, ["composer", "anywhere"], keyboardOf(app));
    const isOfList = !isComposed(event) && actOnList(event, { completion, take });
    if (!isOfList && !run(deed, event)) return;
    event.preventDefault();
    event.stopPropagation(); // neither the row's nor the page's
  };
  const onInput = ({ currentTarget }: InputEvent & { currentTarget: HTMLTextAreaElement }): void => {
    const { value, selectionStart } = currentTarget;
    app.acts.keepEdit(message.id, value);
    fit(currentTarget);
    if (!isCommand(value)) completion.write(message.room_id, value, selectionStart); // an edit runs none
  };
  return (
    <form class="edit-form" onSubmit={save}>
      <textarea
        class="edit-form__field"
        name="content"
        dir="auto"
        aria-label={strings.edit}
        {...completedBy(completion)}
        defaultValue={content}
        ref={field}
        onKeyDown={onKeyDown}
        onInput={onInput}
        onPaste={(event) => pasteLink(event.currentTarget, event.clipboardData?.getData("text/plain") ?? "") && event.preventDefault()}
        onBlur={() => completion.close()}
      />
      <Suggestions app={app} completion={completion} onTake={take} />
      <p class="field__alert" role="alert" />
      <button class="button" data-kind="main" type="submit">
        {strings.save}
      </button>
      <button class="button" type="button" onClick={end}>
        {strings.cancel}
      </button>
      <span class="edit-form__hint">{strings.edit_hint}</span>
    </form>
  );
}
