/** One's own data, and one's own leaving. */
import { action, signal } from "@preact/signals";
import type { Api } from "../api.ts";

export function createOwn(api: Pick<Api, "file" | "post">) {
  const isBusy = signal(false);
  const works = action((now: boolean): void => {
    isBusy.value = now;
  });
  return {
    isBusy,
    /** The whole of it, or null where the line broke before the end. */
    async take(): Promise<Blob | null> {
      works(true);
      try {
        const file = await api.file("/me/export");
        return (await file.slice(-200).text()).includes('{"type":"end"') ? file : null;
      } finally {
        works(false);
      }
    },
    leave: (password: string): Promise<void> => api.post<void>("/me/deactivation", { password }),
  };
}
