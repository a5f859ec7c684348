import { strings } from "../lib/strings.ts";
import type { App } from "../models/app.ts";
import { createLater } from "../models/later.ts";
import { Dialog } from "./dialog.tsx";

const help = createLater(() => import("./help.tsx"));

/** The sheet of the keys; what stands on it is fetched when it is first opened. */
export function HelpDialog({ app }: { app: App }) {
  const part = help.part.value?.it;
  const failed = help.failed.value;
  return (
    <Dialog name="help" title={strings.help_title} kind="wide" onOpen={help.load}>
      {part ? <part.HelpSheet app={app} /> : failed && <p role="alert">{strings.part_failed}</p>}
    </Dialog>
  );
}
