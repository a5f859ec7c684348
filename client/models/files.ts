/** Files, as far as the page needs to know before there are any: the desk where they are handled is fetched when somebody first brings or sees one. */
import { action, createModel, signal } from "@preact/signals";
import type { DeskParts, FilesDesk } from "./files-desk.ts";

export type Files = InstanceType<typeof FilesModel>;

export const FilesModel = createModel((parts: DeskParts) => {
  const desk = signal<FilesDesk | null>(null);
  let asked: Promise<FilesDesk | null> | null = null;
  const came = action((made: FilesDesk): FilesDesk => (desk.value = made));
  const open = (): Promise<FilesDesk | null> =>
    (asked ??= import("./files-desk.ts").then(
      ({ FilesDeskModel }) => came(new FilesDeskModel(parts)),
      () => (asked = null),
    ));
  return {
    /** Null until it is here. */
    desk,
    /** Null where it could not be fetched. */
    open,
    /** These are to be sent to this room, with this draft. */
    async add(room_id: string, draft: string, files: readonly File[]): Promise<void> {
      (await open())?.add(room_id, draft, files);
    },
    forget: (): void => desk.peek()?.forget(),
  };
});
