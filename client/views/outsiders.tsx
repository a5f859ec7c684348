import "../styles/outsiders.css";
import { strings } from "../lib/strings.ts";
import type { App } from "../models/app.ts";

/** Who was just named and cannot read it, over the writing. It is an offer: whoever writes on need not answer. */
export function OutsidersOffer({ app, room_id }: { app: App; room_id: string }) {
  const offer = app.outsiders.offer.value;
  if (offer?.room_id !== room_id) return null;
  return (
    <p class="outsiders" role="status">
      <span>{strings.outsiders(offer.users.map(({ display_name }) => display_name))}</span>
      <button class="link" type="button" onClick={() => void app.attempt(() => app.outsiders.add())}>
        {strings.add}
      </button>
      <button class="link" type="button" onClick={() => app.outsiders.leave()}>
        {strings.leave_it}
      </button>
    </p>
  );
}
