/**
 * What many send at once is read over more than one turn of the event loop: most of them answer as they are answered, which takes a while. Each commit
 * has a price of its own, and one that began with the first of them would leave the others to the next. A fixed delay would only lose: whoever is
 * alone would wait for nobody.
 */
import { breathe } from "./breathe.ts";

const TURNS_MAX = 4;

/** Resolves after a turn that brought nothing more, by what `count` says, or when those who came first have waited long enough. */
export async function gather(count: () => number): Promise<void> {
  let before = 0;
  for (let turns = 0; count() > before && turns < TURNS_MAX; turns += 1) {
    before = count();
    await breathe();
  }
}
