/** Whether the server has become another one since this page was loaded. Looked at on every connection; never forced upon a reader. */
import { action, createModel, signal } from "@preact/signals";
import type { Api } from "../api.ts";

export const FreshModel = createModel((api: Pick<Api, "version">) => {
  const is_old = signal(false);
  let known: string | null = null;
  const told = action((version: string | null) => {
    if (version === null) return;
    known ??= version;
    is_old.value = version !== known;
  });
  return { is_old, look: async (): Promise<void> => told(await api.version()) };
});
