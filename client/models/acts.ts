/** What a reader is about to do with a message: the row they point at, its menu, the one they answer, edit or ask to remove. */
import { createModel, signal } from "@preact/signals";
import type { Message } from "../../server/protocol.ts";

export type Acts = InstanceType<typeof ActsModel>;
/** Where the menu is to open, in pixels of the window. */
export type Spot = { x: number; y: number };
/** Of a message or of a room. */
export type Menu = { at: Spot } & ({ message: Message; room_id?: never } | { room_id: string; message?: never });

export const ActsModel = createModel(() => {
  const pointed = signal<string | null>(null);
  const menu = signal<Menu | null>(null);
  const removing = signal<Message | null>(null);
  const replying = signal<ReadonlyMap<string, Message>>(new Map()); // by room
  const jumping = signal<string | null>(null);
  const editing = signal<string | null>(null);
  const dialog = signal<string | null>(null);
  const editing_room = signal<string | null>(null);
  const saved = signal<ReadonlySet<string>>(new Set()); // ids, as far as that has been asked
  const edits = new Map<string, string>(); // texts of edits that were begun, by message

  return {
    /** The key of the row under the pointer or the focus. */
    pointed,
    menu,
    removing,
    replying,
    /** The day from which its reader wants to go to another one. */
    jumping,
    jump(from: string | null): void {
      jumping.value = from;
    },
    /** The id of the message that is being edited. */
    editing,
    /** The id of the room whose pane shows a form instead of its words. */
    editing_room,
    /** The ids of the messages that this person has saved; none before somebody had need to know. */
    saved,
    save(message_ids: readonly string[]): void {
      saved.value = new Set(message_ids);
    },
    point(key: string | null): void {
      pointed.value = key;
    },
    openMenu(message: Message, at: Spot): void {
      menu.value = { message, at };
    },
    openRoomMenu(room_id: string, at: Spot): void {
      menu.value = { room_id, at };
    },
    closeMenu(): void {
      menu.value = null;
    },
    askRemove(message: Message | null): void {
      removing.value = message;
    },
    beginEdit(message_id: string | null): void {
      editing.value = message_id;
    },
    /** The dialog that is open, of those whose inside is fetched late. */
    dialog,
    opened(name: string | null): void {
      dialog.value = name;
    },
    editRoom(room_id: string | null): void {
      editing_room.value = room_id;
    },
    /** What an edit of this message has come to, wherever its writer has been meanwhile; null when none is under way. */
    editOf: (message_id: string): string | null => edits.get(message_id) ?? null,
    keepEdit(message_id: string, content: string | null): void {
      if (content === null) edits.delete(message_id);
      else edits.set(message_id, content);
    },
    reply(message: Message): void {
      replying.value = new Map(replying.value).set(message.room_id, message);
    },
    dropReply(room_id: string): void {
      replying.value = new Map([...replying.value].filter(([id]) => id !== room_id));
    },
    forget(): void {
      menu.value = null;
      removing.value = null;
      editing.value = null;
      jumping.value = null;
      editing_room.value = null;
      saved.value = new Set();
      edits.clear();
      replying.value = new Map();
    },
  };
});
