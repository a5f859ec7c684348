/** What the screens of the workspace share. */
import type { Catalogues, Translated } from "../catalogues.ts";

export const workspace: Translated<Catalogues["workspace"]> = {
  more: "显示更多",
};
