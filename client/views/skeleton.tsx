import "../styles/skeleton.css";
import { strings } from "../lib/strings.ts";

const ROWS = { messages: 8, list: 4, rooms: 6 };

/** What will come, in its place and of its height; not before it is worth showing. */
export function Skeleton({ of }: { of: keyof typeof ROWS }) {
  return (
    <div class="skeleton" data-of={of}>
      <p class="hidden">{strings.loading}</p>
      {Array.from({ length: ROWS[of] }, (_, i) => (
        <div class="skeleton__row" key={i} aria-hidden="true" />
      ))}
    </div>
  );
}
