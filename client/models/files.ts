/** Files, as far as the page needs to know before there are any: the desk where they are handled is fetched when somebody first brings or sees one. */
import { action, createModel, signal } from "@preact/signals";
import type { FileOfMessage } from "../../server/protocol/file-of-message.ts";
import { strings } from "../lib/strings.ts";
import type { DeskParts, FilesDesk } from "./files-desk.ts";

export type Files = InstanceType<typeof FilesModel>;

type Parts = DeskParts & {
  /** For tests. */
  fetchDesk?: () => Promise<Pick<typeof import("./files-desk.ts"), "FilesDeskModel">>;
};

export const FilesModel = createModel(({ fetchDesk = () => import("./files-desk.ts"), ...parts }: Parts) => {
  const desk = signal<FilesDesk | null>(null);
  const coming = new Map<string, number>(); // by draft, what is brought to it while the desk is on its way
  const sends = new Map<string, () => void>(); // by draft, what is to be done when that is in
  let asked: Promise<FilesDesk | null> | null = null;
  const came = action((made: FilesDesk): FilesDesk => (desk.value = made));
  const open = (): Promise<FilesDesk | null> =>
    (asked ??= fetchDesk().then(
      ({ FilesDeskModel }) => came(new FilesDeskModel(parts)),
      () => (asked = null),
    ));
  /** A draft to which something is brought is not sent without it, and not at all if it could not be brought. */
  const bring = async (draft: string, work: (opened: FilesDesk) => void): Promise<void> => {
    coming.set(draft, (coming.get(draft) ?? 0) + 1);
    const opened = await open();
    if (opened) work(opened);
    else {
      sends.delete(draft);
      parts.say(strings.part_failed);
    }
    const left = (coming.get(draft) ?? 0) - 1;
    if (left > 0) return void coming.set(draft, left);
    coming.delete(draft);
    const send = sends.get(draft);
    sends.delete(draft);
    send?.();
  };
  return {
    /** Null until it is here. */
    desk,
    /** Null where it could not be fetched. */
    open,
    /** These are to be sent to this room, with this draft. */
    add: (room_id: string, draft: string, files: readonly File[]): Promise<void> => bring(draft, (opened) => opened.add(room_id, draft, files)),
    /** What was up when this draft was left is in it again. */
    enter: (draft: string): Promise<void> => bring(draft, (opened) => opened.enter(draft)),
    /** A message that was given up gives its files back to its room's draft. */
    giveBack: (room_id: string, files: readonly FileOfMessage[]): Promise<void> => bring(room_id, (opened) => opened.giveBack(room_id, files)),
    /** Whether this draft has files, or is about to have some. */
    has: (draft: string): boolean => coming.has(draft) || desk.peek()?.has(draft) === true,
    /** Whether this draft can go: all of its files are up, or it has none. If some are on their way, `send` is called when they are; if one has failed, it is said. */
    isReady(draft: string, send: () => void): boolean {
      if (!coming.has(draft)) return desk.peek()?.isReady(draft, send) ?? true;
      sends.set(draft, send);
      return false;
    },
    /** Who has left the room, or writes on, sends later. */
    endWait(draft: string): void {
      sends.delete(draft);
      desk.peek()?.endWait(draft);
    },
    forget: (): void => desk.peek()?.forget(),
  };
});
