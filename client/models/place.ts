/** Where the reader is: the address, and the screen it means for who is signed in or not. */
import { action, computed, createModel, signal } from "@preact/signals";
import type { Account } from "./account.ts";

export type Place = InstanceType<typeof PlaceModel>;
export type Screen = "setup" | "sign-in" | "join" | "browse" | "me" | "workspace" | "saved" | "room" | "rooms" | "home";

/** The browser's address bar. `secret` is what stood behind the `#`; reading clears it there, so that nobody reads it over a shoulder. */
export type Address = { read(): string; takeSecret(): string; write(path: string, how: "push" | "replace"): void };

export const PlaceModel = createModel((address: Address, account: Account) => {
  const path = signal(address.read());
  const secret = signal(address.takeSecret());

  const screen = computed((): Screen => {
    const state = account.state.value;
    const [, first = ""] = path.value.split("/");
    if (state === "setup") return "setup";
    if (state !== "signed_in" && state !== "unknown") return first === "join" ? "join" : "sign-in";
    if (first === "r") return "room";
    return first === "browse" || first === "me" || first === "workspace" || first === "saved" || first === "rooms" ? first : "home";
  });
  const room_id = computed(() => (screen.value === "room" ? decoded(path.value.split("/")[2] ?? "") : null));

  /** Which screen of the workspace is open; "" for the first one, and elsewhere. */
  const part = computed(() => (screen.value === "workspace" ? decoded(path.value.split("/")[2] ?? "") : ""));

  /** The message an address names; 0, which none has, where it names none that could be. Null for the room itself. */
  const seq = computed(() => {
    const named = screen.value === "room" ? path.value.split("/")[3] : undefined;
    if (named === undefined || named === "") return null;
    return /^[1-9]\d{0,14}$/u.test(named) ? Number(named) : 0;
  });

  const move = action((to: string, how: "push" | "replace") => {
    if (to === path.value) return;
    address.write(to, how);
    path.value = to;
  });

  return {
    path,
    /** The token of a setup link or the code of an invitation; "" for none. */
    secret,
    screen,
    room_id,
    part,
    seq,
    go: (to: string): void => move(to, "push"),
    /** Goes on from an address that is no place to come back to. */
    goOn: (to: string): void => move(to, "replace"),
    /** The browser went back or forward, or a link with a secret was opened in this tab. */
    wentTo(to: string): void {
      secret.value = address.takeSecret() || secret.value;
      path.value = to;
    },
    forgetSecret(): void {
      secret.value = "";
    },
  };
});

function decoded(piece: string): string {
  try {
    return decodeURIComponent(piece);
  } catch {
    return piece;
  }
}
