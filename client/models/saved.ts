/** What this person has saved: which messages, and the list of them. A part that is fetched late; from then on the stream keeps it true. */
import type { List, Message, User } from "../../server/protocol.ts";
import { createPages } from "./pages.ts";
import { perApp } from "./per-app.ts";

export type SavedItem = { id: string; saved_at: string; message: Message };

export const savedOf = perApp((api, app) => {
  const pages = createPages<SavedItem, Record<string, never>>(async (_, cursor) => {
    const path = `/me/saved?limit=30${cursor === undefined ? "" : `&cursor=${encodeURIComponent(cursor)}`}`;
    const page = await api.get<List<SavedItem> & { users: User[] }>(path);
    app.people.meet(page.users);
    return page;
  });
  const learn = async (): Promise<void> => {
    const told = await api.get<{ message_ids: string[] }>("/me/saved/ids").catch(() => null);
    if (told) app.acts.save(told.message_ids);
  };
  const put = (message_id: string, isSaved: boolean): void => {
    const before = [...app.acts.saved.peek()].filter((id) => id !== message_id);
    app.acts.save(isSaved ? [...before, message_id] : before);
    const held = pages.items.peek()?.find(({ message }) => message.id === message_id);
    if (!isSaved && held) pages.drop(held.id);
    if (isSaved && !held && pages.items.peek()) void pages.find({});
  };
  const changed = (message: Message): void => {
    const held = pages.items.peek()?.find((one) => one.message.id === message.id);
    if (held && message.rev > held.message.rev) pages.put({ ...held, message });
  };
  /** The room begins at this seq: what was saved before it is gone. */
  const began = (room_id: string, first_seq: number): void => {
    for (const { message } of pages.items.peek() ?? []) if (message.room_id === room_id && message.seq < first_seq) put(message.id, false);
  };
  const me = app.account.me.peek()?.id;
  const end = app.onFrame((frame) => {
    if (app.account.me.peek()?.id !== me) return end(); // somebody else sits here, with a model of their own
    if (frame.type === "caught_up") void learn();
    if (frame.type === "saved") put(frame.message_id, frame.is_saved);
    if (frame.type === "message") changed(frame.message);
    if (frame.type === "room") began(frame.room.id, frame.room.first_seq);
  });
  void learn();

  return {
    pages,
    /** Saves it, or takes it out. Resolves to whether it is saved now. */
    async toggle({ id }: Pick<Message, "id">): Promise<boolean> {
      const isSaved = !app.acts.saved.peek().has(id);
      const path = `/me/saved/${id}`;
      await (isSaved ? api.put(path, undefined) : api.delete(path));
      put(id, isSaved);
      return isSaved;
    },
  };
});
