/** What forms share: their texts by name, and the words for what was refused. */
import { ApiError } from "../lib/api-error.ts";
import { reasonOf, strings } from "../lib/strings.ts";

export const textsOf = (form: HTMLFormElement): Record<string, string> =>
  Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, typeof value === "string" ? value : ""]));

/** Runs what the form does; a refusal is shown in the form's own `[role=alert]`, at its field where it names one, and what was typed stays. */
export async function submit(
  event: SubmitEvent,
  run: (texts: Record<string, string>) => Promise<void>,
  words: Record<string, string> = {},
): Promise<void> {
  event.preventDefault();
  const form = event.currentTarget;
  if (!(form instanceof HTMLFormElement) || form.ariaBusy === "true") return;
  const alert = form.querySelector("[role=alert]");
  const say = (text: string): void => {
    if (alert) alert.textContent = text;
  };
  form.ariaBusy = "true";
  say("");
  for (const field of form.querySelectorAll("[aria-invalid]")) field.removeAttribute("aria-invalid");
  try {
    await run(textsOf(form));
  } catch (fault) {
    if (!(fault instanceof ApiError)) throw fault;
    const wait = fault.retry_after_ms === undefined ? null : strings.try_again(Math.ceil(fault.retry_after_ms / 1_000));
    say(wait ?? words[fault.code] ?? reasonOf(fault.code));
    const field = form.elements.namedItem(fault.fields[0] ?? "");
    if (field instanceof HTMLInputElement) {
      field.setAttribute("aria-invalid", "true");
      field.focus();
    }
  } finally {
    form.ariaBusy = "false";
  }
}
