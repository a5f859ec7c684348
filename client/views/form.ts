/** What forms share: their texts by name, and the words for what was refused. */
import { ApiError } from "../lib/api-error.ts";
import { reasonOf, strings } from "../lib/strings.ts";

const textsOf = (form: HTMLFormElement): Record<string, string> =>
  Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, typeof value === "string" ? value : ""]));

/** What is wrong with a field, in words for the person who filled it. */
const fieldWords = (): Record<string, string> => ({ password: strings.weak_password, username: strings.bad_username });

/**
 * Runs what the form does. A refusal is shown in the field's own `[role=alert]` (`data-of` its name) or the form's, at its field where it names
 * one, and what was typed stays; `words` puts a refusal into other words, by its code or the field it names, `instead` does something else with it.
 * While there is a time to wait, it is counted down.
 */
export async function submit(
  event: SubmitEvent,
  run: (texts: Record<string, string>) => void | Promise<void>,
  words: Record<string, string> = {},
  instead: Record<string, () => void> = {},
): Promise<void> {
  event.preventDefault();
  const form = event.currentTarget;
  if (!(form instanceof HTMLFormElement) || form.ariaBusy === "true") return;
  const alerts = [...form.querySelectorAll<HTMLElement>("[role=alert]")];
  const say = (text: string, of?: string): void => {
    const own = alerts.find(({ dataset }) => dataset["of"] === of) ?? alerts.find(({ dataset }) => dataset["of"] === undefined);
    for (const alert of alerts) alert.textContent = alert === own ? text : "";
  };
  let wait_s = 0;
  form.ariaBusy = "true";
  for (const alert of form.querySelectorAll("[role=alert]")) alert.textContent = "";
  for (const field of form.querySelectorAll("[aria-invalid]")) field.removeAttribute("aria-invalid");
  try {
    await run(textsOf(form));
  } catch (fault) {
    if (!(fault instanceof ApiError)) throw fault;
    const other = instead[fault.code];
    if (other) return other();
    if (fault.code === "rate_limited") wait_s = Math.ceil((fault.retry_after_ms ?? 1_000) / 1_000);
    if (wait_s > 0) return;
    const [name = ""] = fault.fields;
    say(words[name] ?? words[fault.code] ?? fieldWords()[name] ?? reasonOf(fault.code), name);
    const field = form.elements.namedItem(name);
    if (!(field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement)) return;
    field.setAttribute("aria-invalid", "true");
    field.focus();
  } finally {
    form.ariaBusy = "false";
    if (wait_s > 0) countDown(form, wait_s, say);
  }
}

function countDown(form: HTMLFormElement, seconds: number, say: (text: string) => void): void {
  if (!form.isConnected || form.ariaBusy === "true") return;
  say(seconds > 0 ? strings.try_again(seconds) : "");
  if (seconds > 0) setTimeout(() => countDown(form, seconds - 1, say), 1_000);
}
