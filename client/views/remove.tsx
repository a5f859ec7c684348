import type { App } from "../models/app.ts";
import { saidIn } from "../lib/said.ts";
import { strings } from "../lib/strings.ts";
import { closeDialog, Dialog } from "./dialog.tsx";
import { submit } from "./form.ts";
import "../styles/remove.css";

export function RemoveDialog({ app }: { app: App }) {
  const message = app.acts.removing.value;
  const remove = (event: SubmitEvent): Promise<void> =>
    submit(event, async () => {
      if (!message) return;
      await app.remove(message);
      app.acts.keepEdit(message.id, null);
      if (app.acts.editing.peek() === message.id) app.acts.beginEdit(null);
      closeDialog("remove");
    });
  return (
    <Dialog name="remove" title={strings.remove_question}>
      <form class="remove" onSubmit={remove}>
        <p class="remove__text" dir="auto">
          {message && saidIn(message)}
        </p>
        <p class="field__alert" role="alert" />
        <div class="remove__acts">
          <button class="button" type="button" onClick={() => closeDialog("remove")}>
            {strings.cancel}
          </button>
          <button class="button" data-kind="danger" type="submit">
            {strings.remove}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
