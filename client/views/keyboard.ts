import { isMac, type Keyboard } from "../lib/shortcuts.ts";
import type { App } from "../models/app.ts";

/** The keyboard this person presses keys on, by which the rows of lib/shortcuts count. */
export const keyboardOf = ({ settings }: App): Keyboard => {
  const { single_keys, enter_sends } = settings.settings.value;
  return { mac: isMac(), installed: matchMedia("(display-mode: standalone)").matches, single_keys, enter_sends };
};
