/** Small things this browser remembers: which sections are folded, which room was last open. Nothing that is missed when it is gone. */

export function kept(key: string): string {
  try {
    return localStorage.getItem(`snug-${key}`) ?? "";
  } catch {
    return ""; // storage withheld
  }
}

export function keep(key: string, value: string): void {
  try {
    if (value === "") localStorage.removeItem(`snug-${key}`);
    else localStorage.setItem(`snug-${key}`, value);
  } catch {
    // it lasts as long as the page
  }
}

/** Erases what was remembered of this user. */
export function forgetKept(user_id: string): void {
  for (const key of Object.keys(localStorage)) if (key.startsWith("snug-") && key.endsWith(` ${user_id}`)) localStorage.removeItem(key);
}

const OF_DEVICE = ["language", "density"];

/** Does what empties this browser's storage, and keeps what belongs to the device and to nobody. */
export async function outlasting(empties: () => Promise<void>): Promise<void> {
  const before = OF_DEVICE.map(kept);
  await empties();
  OF_DEVICE.forEach((key, at) => keep(key, before[at] ?? ""));
}
