/** One draft per user and room, kept in this browser. Another user of it never sees it, because the key holds whose it is. */

const keyOf = (user_id: string, room_id: string): string => `snug-draft ${JSON.stringify([user_id, room_id])}`;

export const keptDraft = (user_id: string, room_id: string): string => {
  try {
    return localStorage.getItem(keyOf(user_id, room_id)) ?? "";
  } catch {
    return ""; // storage withheld: a draft lasts as long as the page
  }
};

export function keepDraft(user_id: string, room_id: string, text: string): void {
  try {
    if (text === "") localStorage.removeItem(keyOf(user_id, room_id));
    else localStorage.setItem(keyOf(user_id, room_id), text);
  } catch {
    // full or withheld: the field still holds it
  }
}

/** Erases what this user left in this browser. */
export function forgetDrafts(user_id: string): void {
  const mine = `snug-draft ${JSON.stringify([user_id]).slice(0, -1)}`;
  for (const key of Object.keys(localStorage)) if (key.startsWith(mine)) localStorage.removeItem(key);
}
