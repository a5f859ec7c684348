import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import { strings } from "../lib/strings.ts";
import type { Later } from "../models/later.ts";
import { Skeleton } from "./skeleton.tsx";

type Props<Part> = { of: Later<Part>; skeleton?: "messages" | "list" | "rooms"; children: (part: Part) => ComponentChildren };

/** A part that is fetched when it is first shown. One that could not be fetched is had by a reload: browsers remember that it failed. */
export function Late<Part>({ of, skeleton = "list", children }: Props<Part>) {
  const part = of.part.value;
  const failed = of.failed.value;
  useEffect(() => of.load(), [of]);
  if (part) return <>{children(part.it)}</>;
  if (!failed) return <Skeleton of={skeleton} />;
  return (
    <div class="crashed" role="alert">
      <p>{strings.part_failed}</p>
      <button class="button" type="button" onClick={() => location.reload()}>
        {strings.reload}
      </button>
    </div>
  );
}
