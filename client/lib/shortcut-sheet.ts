import { type Deed, type Keyboard, type Place, type Shortcut, shortcutsOf } from "./shortcuts.ts";

/** The table as it is read: a deed stands once in its place, with all its keys; what is done anywhere is not told once more for a part of it. */
export function sheetOf(keyboard: Keyboard): { where: Place; rows: { deed: Deed; keys: string[] }[] }[] {
  const shown = shortcutsOf(keyboard);
  const isAnywhere = (deed: Deed): boolean => shown.some((one) => one.where === "anywhere" && one.deed === deed);
  const placeOf = ({ where, deed }: Shortcut): Place => (where === "outside" && isAnywhere(deed) ? "anywhere" : where);
  const places = new Map<Place, Map<Deed, string[]>>();
  for (const row of shown) {
    const place = placeOf(row);
    const deeds = places.get(place) ?? new Map<Deed, string[]>();
    places.set(place, deeds.set(row.deed, [...(deeds.get(row.deed) ?? []), row.keys]));
  }
  return [...places].map(([where, deeds]) => ({ where, rows: [...deeds].map(([deed, keys]) => ({ deed, keys })) }));
}
