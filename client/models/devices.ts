/** Where this person is signed in. */
import { action, createModel, signal } from "@preact/signals";
import type { List, SignIn } from "../../server/protocol.ts";
import type { Api } from "../api.ts";

export const DevicesModel = createModel((api: Pick<Api, "get" | "delete">) => {
  const devices = signal<readonly SignIn[] | null>(null);
  const took = action((list: readonly SignIn[]) => {
    devices.value = list;
  });
  const gone = action((ids: readonly string[]) => {
    devices.value = devices.value?.filter(({ id }) => !ids.includes(id)) ?? null;
  });
  const end = async (id: string): Promise<void> => {
    await api.delete<void>(`/auth/sign-ins/${id}`);
    gone([id]);
  };

  return {
    devices,
    find: async (): Promise<void> => took((await api.get<List<SignIn>>("/auth/sign-ins")).items),
    end,
    async endOthers(): Promise<void> {
      const others = devices.value?.filter(({ current }) => !current) ?? [];
      for (const { id } of others) await end(id);
    },
    forget(): void {
      devices.value = null;
    },
  };
});
