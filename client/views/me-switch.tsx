/** What of one's settings is either on or off. */
import type { App } from "../models/app.ts";
import type { Settings } from "../models/settings.ts";

export const changes = (app: App, next: Partial<Settings>): void => void app.attempt(() => app.settings.change(next));

export function Switch({ words, hint, isOn, set }: { words: string; hint?: string; isOn: boolean; set(isOn: boolean): void }) {
  return (
    <label class="switch">
      <input class="switch__input" type="checkbox" role="switch" checked={isOn} onChange={({ currentTarget }) => set(currentTarget.checked)} />
      <span class="switch__words">
        {words}
        {hint !== undefined && <span class="field__hint">{hint}</span>}
      </span>
    </label>
  );
}
