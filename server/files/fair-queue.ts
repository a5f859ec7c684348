/** Works that are done one at a time, for tenants in turn: how many one brings delays the others by one at most for each of theirs. */
import { refuse } from "../chat/refusal.ts";

const COME_BACK_MS = 5_000;

export type FairQueue = {
  /** Gives what `work` gives, when it is this tenant's turn. Refuses `unavailable` where `most` of this tenant wait already. */
  add<T>(tenant_id: string, work: () => Promise<T>): Promise<T>;
};

export function createFairQueue(most: number): FairQueue {
  const waiting = new Map<string, (() => void)[]>(); // in the order of their turns
  let busy = false;

  const next = (): void => {
    const [first] = waiting;
    busy = first !== undefined;
    if (!first) return;
    const [tenant_id, theirs] = first;
    waiting.delete(tenant_id);
    const begin = theirs.shift();
    if (theirs.length > 0) waiting.set(tenant_id, theirs); // behind the others
    begin?.();
  };
  const turn = async (tenant_id: string): Promise<void> => {
    if (!busy) {
      busy = true;
      return;
    }
    const theirs = waiting.get(tenant_id) ?? [];
    if (theirs.length >= most) refuse("unavailable", { retry_after_ms: COME_BACK_MS });
    waiting.set(tenant_id, theirs);
    await new Promise<void>((resolve) => theirs.push(resolve));
  };

  return {
    async add(tenant_id, work) {
      await turn(tenant_id);
      try {
        return await work();
      } finally {
        next();
      }
    },
  };
}
