import { strings } from "../lib/strings.ts";

type Props = { name?: string; label?: string; autocomplete: "new-password" | "current-password" };

/** May be pasted, shown, and kept by the browser; the rule of a new one stands under it. */
export function Password({ name = "password", label = strings.password, autocomplete }: Props) {
  const isNew = autocomplete === "new-password";
  const hint = `${name}-hint`;
  const show = ({ currentTarget: button }: MouseEvent & { currentTarget: HTMLButtonElement }): void => {
    const field = document.getElementById(name);
    if (!(field instanceof HTMLInputElement)) return;
    const isShown = field.type === "password";
    field.type = isShown ? "text" : "password";
    button.ariaPressed = String(isShown);
  };
  return (
    <div class="field">
      <label class="field__label" for={name}>
        {label}
      </label>
      <span class="field__with">
        <input
          class="field__input"
          id={name}
          type="password"
          name={name}
          autocomplete={autocomplete}
          autocapitalize="none"
          spellcheck={false}
          required
          aria-describedby={isNew ? hint : undefined}
        />
        <button class="field__show" type="button" aria-pressed="false" aria-label={strings.show_of(label)} onClick={show}>
          {strings.show}
        </button>
      </span>
      {isNew && (
        <span class="field__hint" id={hint}>
          {strings.password_hint}
        </span>
      )}
    </div>
  );
}
