/** Why Snug cannot start and what to do about it, in words for the person at the terminal; several lines if several things are wrong. */
export class CannotStart extends Error {
  override readonly name = "CannotStart";
}
