import { copyText } from "../lib/clipboard.ts";
import { strings } from "../lib/strings.ts";
import type { App } from "../models/app.ts";

/** Copies, and says whether it was done: a clipboard shows nothing by itself. */
export async function copy(app: App, text: string, done: string = strings.copied): Promise<void> {
  const isDone = await copyText(text).then(
    () => true,
    () => false,
  );
  if (isDone) app.say(done, "done");
  else app.say(strings.copy_failed);
}
