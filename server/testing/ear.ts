/** Listens to a chat's backplane and remembers the rows and notices that were told, in order. */
import type { Chat, Notice, UserBell } from "../chat/chat.ts";
import type { Row } from "../protocol.ts";

export function earOf(chat: Chat): { rows: Row[]; notices: Notice[]; users: UserBell[]; contents(): string[] } {
  const rows: Row[] = [];
  const notices: Notice[] = [];
  const users: UserBell[] = [];
  chat.backplane.listen({
    room: (bell) => void ("rows" in bell && rows.push(...bell.rows)),
    user: (bell) => void users.push(bell),
    notice: (notice) => void notices.push(notice),
    lost: () => {},
  });
  const contents = () => rows.flatMap((row) => (row.type === "message" ? [row.message.content] : []));
  return { rows, notices, users, contents };
}
