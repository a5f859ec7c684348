/** What a screen reader is told of the open room: each live message once, and of a burst only how many. */
import { action, createModel, signal } from "@preact/signals";

export type Spoken = InstanceType<typeof SpokenModel>;
export type Said = { key: string; who: string; content: string } | { key: string; count: number };

const BURST_MS = 2_000;
const BURST_FROM = 3; // more within that time nobody can listen to
const KEPT = 10;

export const SpokenModel = createModel((later: (ms: number, run: () => void) => () => void) => {
  const said = signal<readonly Said[]>([]);
  let recent = 0;
  let held = 0; // of the burst, not told one by one
  let count = 0;

  const add = (what: { who: string; content: string } | { count: number }): void => {
    count += 1;
    said.value = [...said.value, { key: `said ${count}`, ...what }].slice(-KEPT);
  };
  const settle = action(() => {
    if (held > 0) add({ count: held });
    held = 0;
    recent = 0;
  });

  return {
    said,
    hear(who: string, content: string): void {
      recent += 1;
      if (recent === 1) later(BURST_MS, settle);
      if (recent > BURST_FROM) held += 1;
      else add({ who, content });
    },
    /** Another room is open: what was told of the last one is over. */
    begin(): void {
      said.value = [];
      held = 0;
    },
  };
});
