import { strings } from "../lib/strings.ts";

const ID = "dialog-confirm";

/** Asks once before what cannot be taken back; the question and the deed are both in words. */
export function confirmed(question: string, deed: string, kind: "danger" | "main" = "danger"): Promise<boolean> {
  const dialog = document.getElementById(ID);
  if (!(dialog instanceof HTMLDialogElement)) return Promise.resolve(window.confirm(question));
  const [words, button] = [dialog.querySelector("h2"), dialog.querySelector<HTMLElement>("[value=yes]")];
  if (words) words.textContent = question;
  if (button) button.textContent = deed;
  if (button) button.dataset["kind"] = kind;
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true }));
}

export function ConfirmDialog() {
  return (
    <dialog class="dialog" id={ID} data-kind="ask" role="alertdialog" aria-labelledby={`${ID}-title`}>
      <form method="dialog">
        <h2 class="dialog__question" id={`${ID}-title`} />
        <div class="dialog__buttons">
          <button class="button" type="submit" value="no">
            {strings.cancel}
          </button>
          <button class="button" data-kind="danger" type="submit" value="yes" />
        </div>
      </form>
    </dialog>
  );
}
