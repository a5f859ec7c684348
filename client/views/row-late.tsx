/** What of a row is fetched late: until it is here, its place is kept and its plain words stand there. */
import { useEffect } from "preact/hooks";
import type { Message } from "../../server/protocol.ts";
import { strings } from "../lib/strings.ts";
import type { App } from "../models/app.ts";
import { createLater } from "../models/later.ts";

const load = () => import("./row-extras.tsx");
type Extras = Awaited<ReturnType<typeof load>>;
const extras = createLater(load);

type Props = { app: App; message: Message };

/** Under the text: the pin, the bookmark and the reactions of a message that has any. */
export function Below({ app, message }: Props) {
  const isSaved = app.acts.saved.value.has(message.id);
  const has = message.reactions !== undefined || message.pinned_at !== undefined || isSaved;
  const part = extras.part.value;
  useEffect(() => {
    if (has) extras.load();
  }, [has]);
  if (part) return <part.it.Below app={app} message={message} isSaved={isSaved} />;
  return has ? <div class="message__below">{message.reactions?.map(({ emoji, count }) => `${emoji} ${count} `)}</div> : null;
}

/** In the bar of the row that is pointed at. */
export function Quick({ app, message }: Props) {
  const part = extras.part.value;
  useEffect(() => extras.load(), []);
  return part && <part.it.Quick app={app} message={message} />;
}

/** Does what is fetched when it is first done. */
export function late(app: App, run: (part: Extras) => unknown): void {
  void app.attempt(async () => {
    const part = await load().catch(() => null);
    if (part) await run(part);
    else app.say(strings.part_failed);
  });
}
