import type { ComponentChildren } from "preact";
import { useErrorBoundary } from "preact/hooks";
import { strings } from "../lib/strings.ts";

/** A part of the page that fails alone: it says so, the others live on. */
export function Pane({ children }: { children: ComponentChildren }) {
  const [fault, again] = useErrorBoundary((error: unknown) => console.error(error));
  if (fault === undefined) return <>{children}</>;
  return (
    <div class="crashed" role="alert">
      <p>{strings.pane_crashed}</p>
      <button class="button" type="button" onClick={again}>
        {strings.pane_reload}
      </button>
    </div>
  );
}
