/** The pictures of people, each fetched when it is first drawn and kept under an address of this page's own: what shows who asks goes with no `<img>`. */
import { type Signal, signal } from "@preact/signals";
import type { Api } from "../api.ts";

const LINES = 3; // of fetches, one after the other in each: what is read is fetched beside them
const KEPT = 500;
const PAUSE_MS = 1_000;

export function createFaces(api: Pick<Api, "fetch">, later: (ms: number, run: () => void) => void) {
  const pictures = new Map<string, Signal<string>>();
  const lines: (Promise<void> | undefined)[] = [];
  let asked = 0;

  const drop = (picture: Signal<string>, id: string): void => {
    URL.revokeObjectURL(picture.peek()); // who shows it goes on showing it
    pictures.delete(id);
  };
  const bring = async (picture: Signal<string>, id: string): Promise<void> => {
    const answer = await api.fetch(`/files/${id}`).catch(() => null);
    if (answer?.status === 429) return new Promise((resolve) => later(PAUSE_MS, () => resolve(bring(picture, id))));
    const bytes = await answer?.blob().catch(() => null);
    if (answer?.ok && bytes && pictures.get(id) === picture) picture.value = URL.createObjectURL(bytes);
    else drop(picture, id); // who is drawn next asks again
  };

  return {
    /** Where this page has the picture; nothing until it has come. */
    of(avatar_id: string): Signal<string> {
      const held = pictures.get(avatar_id);
      if (held) return held;
      const picture = signal("");
      if (pictures.size >= KEPT) pictures.forEach(drop);
      pictures.set(avatar_id, picture);
      const line = (asked += 1) % LINES;
      lines[line] = Promise.resolve(lines[line]).then(() => bring(picture, avatar_id));
      return picture;
    },
    /** Somebody else may sit here next. */
    forget: (): void => pictures.forEach(drop),
  };
}
