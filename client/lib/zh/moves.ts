/** Who came and went. */
import type { Catalogues, Translated } from "../catalogues.ts";
import { counted, listed } from "../plurals.ts";

const NAMED_MAX = 3;

/** At most so many by name, and how many they are in all. */
const some = (names: readonly string[]): string =>
  names.length <= NAMED_MAX ? listed(names) : `${names.slice(0, NAMED_MAX - 1).join("、")} 等 ${counted(names.length)} 人`;

export const moves: Translated<Catalogues["moves"]> = {
  joined: (names) => `${some(names)} 加入了`,
  left: (names) => `${some(names)} 退出了`,
  both: (joined, left) => `${some(joined)} 加入了，${some(left)} 退出了`,
};
