import "../styles/help.css";
import { keysOf } from "../lib/shortcuts.ts";
import { sheetOf } from "../lib/shortcut-sheet.ts";
import { words } from "../lib/shortcut-strings.ts";
import type { App } from "../models/app.ts";
import { keyboardOf } from "./keyboard.ts";

/** The table of lib/shortcuts, as it is. */
export function HelpSheet({ app }: { app: App }) {
  const keyboard = keyboardOf(app);
  return (
    <>
      <div class="help">
        {sheetOf(keyboard).map(({ where, rows }) => (
          <section class="help__part" key={where}>
            <h3 class="help__place">{words.shortcut_places[where]}</h3>
            <dl class="help__list">
              {rows.map(({ deed, keys }) => (
                <div class="help__row" key={deed}>
                  <dt>{words.shortcut[deed]}</dt>
                  <dd class="help__keys">
                    {keys.map((one, i) => (
                      <Keys key={one} of={keysOf(one, keyboard.mac)} isOther={i > 0} />
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

/** Pressed together. `isOther`: one may as well press what stands before. */
function Keys({ of, isOther }: { of: readonly string[]; isOther: boolean }) {
  return (
    <>
      {isOther && <span class="help__or">{words.or}</span>}
      {of.map((key) => (
        <kbd class="key" key={key}>
          {key}
        </kbd>
      ))}
    </>
  );
}
