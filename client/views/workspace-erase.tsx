import { strings } from "../lib/strings.ts";
import { membersStrings as words } from "../lib/workspace-members-strings.ts";
import type { App } from "../models/app.ts";
import type { WorkspaceMembers } from "../models/workspace-members.ts";
import { confirmed } from "./confirm.tsx";
import { closeDialog, Dialog } from "./dialog.tsx";
import { submit } from "./form.ts";

/** Says what goes, asks what becomes of what they wrote, and then once more. */
export function EraseDialog({ app, members }: { app: App; members: WorkspaceMembers }) {
  const member = members.meant.value;
  const isErasing = members.isErasing.value;
  const isErased = member?.disabled_why === "erased"; // only what they wrote is left to go
  const name = member?.display_name ?? "";
  const erase = (event: SubmitEvent) =>
    submit(
      event,
      async ({ messages }) => {
        if (!member || !(await confirmed(words.erase_question(name), words.erase_deed))) return;
        await members.erase(member.id, messages === "remove" ? "remove" : "keep");
        closeDialog("erase");
        app.say(words.erased, "done");
      },
      { conflict: words.last_owner },
    );
  return (
    <Dialog name="erase" title={words.erase_title(name)}>
      <form class="dialog__form" onSubmit={erase} key={member?.id}>
        {!isErased && <p>{words.erase_words}</p>}
        <fieldset class="dialog__choices">
          <legend class="field__label">{words.erase_messages}</legend>
          {!isErased && <Choice value="keep" label={words.erase_keep} isChosen />}
          <Choice value="remove" label={words.erase_remove} isChosen={isErased} />
        </fieldset>
        <p role="status">{isErasing && words.erasing}</p>
        <p class="field__alert" role="alert" />
        <div class="dialog__buttons">
          <button class="button" type="button" onClick={() => closeDialog("erase")}>
            {strings.cancel}
          </button>
          <button class="button" data-kind="danger" type="submit" aria-busy={isErasing}>
            {words.erase_go_on}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

function Choice({ value, label, isChosen }: { value: string; label: string; isChosen: boolean }) {
  return (
    <label class="choice">
      <input type="radio" name="messages" value={value} defaultChecked={isChosen} />
      <span>{label}</span>
    </label>
  );
}
