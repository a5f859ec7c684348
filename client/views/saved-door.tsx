import { strings } from "../lib/strings.ts";
import type { App } from "../models/app.ts";
import { createLater } from "../models/later.ts";
import { Late } from "./late.tsx";
import { PageHead } from "./page-head.tsx";

const list = createLater(() => import("./saved.tsx"));

export function SavedPage({ app }: { app: App }) {
  return (
    <section class="browse" aria-label={strings.saved_messages}>
      <PageHead app={app} title={strings.saved_messages} />
      <div class="browse__scroll">
        <Late of={list}>{({ SavedList }) => <SavedList app={app} />}</Late>
      </div>
    </section>
  );
}
