import { strings } from "../lib/strings.ts";
import type { App } from "../models/app.ts";
import { createLater } from "../models/later.ts";
import { Late } from "./late.tsx";
import { PageHead } from "./page-head.tsx";
import { Skeleton } from "./skeleton.tsx";

const screens = createLater(() => import("./workspace.tsx"));

/** Open to who runs the workspace. For everybody else it is a page like one that never was. */
export function WorkspaceDoor({ app }: { app: App }) {
  const role = app.account.me.value?.role;
  if (role === undefined) return <Skeleton of="list" />;
  if (role === "member") {
    return (
      <section class="room">
        <PageHead app={app} title={strings.unavailable} />
        <div class="room__gone">
          <p class="quiet">{strings.unavailable_hint}</p>
        </div>
      </section>
    );
  }
  return <Late of={screens}>{({ Workspace }) => <Workspace app={app} />}</Late>;
}
