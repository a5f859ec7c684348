import "../styles/help.css";
import { keysOf, shortcutsOf } from "../lib/shortcuts.ts";
import { words } from "../lib/shortcut-strings.ts";
import type { App } from "../models/app.ts";
import { keyboardOf } from "./keyboard.ts";

/** The table of lib/shortcuts, as it is. */
export function HelpSheet({ app }: { app: App }) {
  const keyboard = keyboardOf(app);
  const shown = shortcutsOf(keyboard);
  const places = [...new Set(shown.map(({ where }) => where))];
  return (
    <>
      <div class="help">
        {places.map((place) => (
          <section class="help__part" key={place}>
            <h3 class="help__place">{words.shortcut_places[place]}</h3>
            <dl class="help__list">
              {shown
                .filter(({ where }) => where === place)
                .map(({ keys, deed }) => (
                  <div class="help__row" key={keys}>
                    <dt>{words.shortcut[deed]}</dt>
                    <dd class="help__keys">
                      {keysOf(keys, keyboard.mac).map((key) => (
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
      {!keyboard.single_keys && <p class="quiet">{words.single_off}</p>}
    </>
  );
}
