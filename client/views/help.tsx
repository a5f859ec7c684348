import "../styles/help.css";
import { isMac, keysOf, shortcuts } from "../lib/shortcuts.ts";
import { strings } from "../lib/strings.ts";
import type { App } from "../models/app.ts";
import { Dialog } from "./dialog.tsx";

/** The table of lib/shortcuts, as it is. */
export function HelpDialog({ app }: { app: App }) {
  const { single_keys } = app.settings.settings.value;
  const shown = shortcuts.filter((row) => single_keys || row.single !== true);
  const places = [...new Set(shown.map(({ where }) => where))];
  const mac = isMac();
  return (
    <Dialog name="help" title={strings.help_title} kind="wide">
      <div class="help">
        {places.map((place) => (
          <section class="help__part" key={place}>
            <h3 class="help__place">{place}</h3>
            <dl class="help__list">
              {shown
                .filter(({ where }) => where === place)
                .map(({ keys, words }) => (
                  <div class="help__row" key={keys}>
                    <dt>{words}</dt>
                    <dd class="help__keys">
                      {keysOf(keys, mac).map((key) => (
                        <kbd class="key" key={key}>
                          {key}
                        </kbd>
                      ))}
                    </dd>
                  </div>
                ))}
            </dl>
          </section>
        ))}
      </div>
      {!single_keys && <p class="quiet">{strings.help_single_off}</p>}
    </Dialog>
  );
}
