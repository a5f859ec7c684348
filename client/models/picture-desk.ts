/** One picture on its way: chosen, sent while its share is told, and refused in words. Another choice takes the place of one that is still going. */
import { action, signal } from "@preact/signals";
import { ApiError } from "../lib/api-error.ts";
import { pictureStrings } from "../lib/picture-strings.ts";
import { sizeOf } from "../lib/sizes.ts";
import { reasonOf } from "../lib/strings.ts";
import { bring, type Sending, type Uploader } from "../lib/uploading.ts";

export type PictureDesk = ReturnType<typeof createPictureDesk>;
/** `share` from 0 to 1. */
type State = { kind: "still" } | { kind: "sending"; share: number } | { kind: "failed"; words: string };
export type PictureParts<Told> = {
  api: Uploader & { delete<T>(path: string): Promise<T> };
  /** Where it is put and removed. */
  path: string;
  /** In bytes, as of now. */
  most(): number;
  took(told: Told): void;
  say(words: string): void;
  /** For tests. */
  send?: typeof bring<Told>;
};

export const PICTURE_BYTES = 16_000_000; // as the server has it

export function createPictureDesk<Told>({ api, path, most, took, say, send = bring }: PictureParts<Told>) {
  const state = signal<State>({ kind: "still" });
  let going: Sending<Told> | null = null;

  const become = action((next: State): void => {
    state.value = next;
  });
  const end = (next: State): void => {
    going = null;
    become(next);
  };
  const failed = (fault: unknown): State => ({ kind: "failed", words: fault instanceof ApiError ? wordsOf(fault, most()) : reasonOf("internal") });

  return {
    state,
    /** What is told of it is in `state`; `took` hears what the server answers. */
    choose(file: File): void {
      going?.cancel();
      if (file.size === 0) return end({ kind: "failed", words: pictureStrings.empty });
      if (file.size > most()) return end({ kind: "failed", words: pictureStrings.too_large(sizeOf(most())) });
      become({ kind: "sending", share: 0 });
      const sending = send(api, { method: "PUT", path }, file, (share) => {
        if (going === sending) become({ kind: "sending", share });
      });
      going = sending;
      sending.done.then(
        (told) => {
          if (going !== sending) return;
          end({ kind: "still" });
          took(told);
          say(pictureStrings.saved);
        },
        (fault: unknown) => {
          if (going === sending) end(failed(fault));
        },
      );
    },
    cancel(): void {
      going?.cancel();
      end({ kind: "still" });
    },
    async remove(): Promise<void> {
      try {
        const told = await api.delete<Told>(path);
        end({ kind: "still" });
        took(told);
        say(pictureStrings.removed);
      } catch (fault) {
        end(failed(fault));
      }
    },
  };
}

function wordsOf({ code }: ApiError, most: number): string {
  if (code === "invalid") return pictureStrings.no_picture;
  return code === "too_large" ? pictureStrings.too_large(sizeOf(most)) : pictureStrings.failed(reasonOf(code));
}
