/** The one script that runs before the first paint: without it a page that was chosen dark would begin white. */
import { speak } from "./lib/language.ts";
import { dress } from "./lib/theme.ts";

dress();
speak();
