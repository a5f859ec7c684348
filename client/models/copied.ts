/** Which text was copied last: a clipboard shows nothing by itself, and over a dialog nothing else can say it. */
import { action, signal } from "@preact/signals";

export function createCopied() {
  const what = signal("");
  return {
    /** The name it was copied under; "" for none. */
    what,
    was: action((name: string): void => {
      what.value = name;
    }),
  };
}
