/** The one script that runs before the first paint: without it a page that was chosen dark would begin white. */
import { announce, wanted } from "./lib/language.ts";
import { dress } from "./lib/theme.ts";

dress();
announce(wanted());
