/** A part of the page that is fetched when somebody first wants it. */
import { action, signal } from "@preact/signals";

/** `part` is null until it is here; `failed` says that it could not be fetched: the line is down, or the server has newer parts by now. */
export type Later<Part> = ReturnType<typeof createLater<Part>>;

export function createLater<Part>(fetchPart: () => Promise<Part>) {
  const part = signal<{ it: Part } | null>(null);
  const failed = signal(false);
  let asked: Promise<void> | null = null;
  const came = action((it: Part): void => {
    part.value = { it };
  });
  const lost = action((): void => {
    failed.value = true;
  });
  return {
    part,
    failed,
    /** Asked for once, however often it is wanted. */
    load(): void {
      asked ??= fetchPart().then(came, lost);
    },
  };
}
