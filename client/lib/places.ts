/** Where somebody is in a room: the first row in view and how far it stands below the upper edge. Kept over a reload, for this tab alone. */

export type ReadingPlace = { seq: number; top: number };

const KEY = "snug-place";

export function storePlace(user_id: string, room_id: string, place: ReadingPlace | null): void {
  try {
    if (place) sessionStorage.setItem(KEY, JSON.stringify({ user_id, room_id, ...place }));
    else sessionStorage.removeItem(KEY);
  } catch {
    // withheld: a reload opens where the room usually does
  }
}

/** Erases what is kept for this tab. */
export const forgetPlace = (): void => {
  try {
    sessionStorage.removeItem(KEY);
  } catch {
    // withheld: nothing is kept
  }
};

/** Given once: it is where the reload left, and no longer that when the reader has gone on. */
export function takePlace(user_id: string, room_id: string): ReadingPlace | null {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(KEY) ?? "null");
    sessionStorage.removeItem(KEY);
    if (typeof kept !== "object" || kept === null || !("seq" in kept) || !("top" in kept)) return null;
    const { seq, top } = kept;
    const isHere = "room_id" in kept && kept.room_id === room_id && "user_id" in kept && kept.user_id === user_id;
    return isHere && typeof seq === "number" && typeof top === "number" ? { seq, top } : null;
  } catch {
    return null;
  }
}
