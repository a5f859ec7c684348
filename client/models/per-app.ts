/** What a part that is fetched late keeps: one for each person who sits before the page, made at the first need. Who signs in next finds their own. */
import type { Api } from "../api.ts";
import type { App } from "./app.ts";

export function perApp<Model>(make: (api: Api, app: App) => Model): (app: App) => Model {
  const made = new WeakMap<App, { user_id: string; model: Model }>();
  return (app) => {
    const user_id = app.account.me.peek()?.id ?? "";
    const held = made.get(app);
    if (held?.user_id === user_id) return held.model;
    const model = make(app.api(), app);
    made.set(app, { user_id, model });
    return model;
  };
}
