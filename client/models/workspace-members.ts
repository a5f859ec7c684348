/** The people of the workspace, as who runs it sees them. */
import { action, signal } from "@preact/signals";
import type { List, PatchUser } from "../../server/protocol.ts";
import type { AdminUser, Erasure } from "../../server/protocol/people.ts";
import type { Api } from "../api.ts";
import { createPages } from "./pages.ts";

export type MembersQuery = { q?: string; role?: AdminUser["role"]; state?: "active" | "disabled" };
export type WorkspaceMembers = ReturnType<typeof createWorkspaceMembers>;

export function createWorkspaceMembers(api: Pick<Api, "get" | "patch" | "post" | "put">) {
  const pages = createPages<AdminUser, MembersQuery>((query, cursor) => {
    const asked = new URLSearchParams({ limit: "50", ...query, ...(cursor !== undefined && { cursor }) });
    return api.get<List<AdminUser>>(`/admin/users?${asked}`);
  });
  const query = signal<MembersQuery>({});
  const meant = signal<AdminUser | null>(null);
  const isErasing = signal(false);
  const look = async (user_id: string): Promise<void> => {
    const [now] = (await api.get<List<AdminUser>>(`/admin/users?ids=${encodeURIComponent(user_id)}`)).items;
    if (now) pages.put(now);
  };
  const works = action((now: boolean): void => {
    isErasing.value = now;
  });

  return {
    ...pages,
    query,
    /** Who is about to be erased: the dialog is about them. */
    meant,
    isErasing,
    seek: action((change: MembersQuery): void => {
      query.value = Object.fromEntries(Object.entries({ ...query.value, ...change }).filter(([, value]) => value !== ""));
      void pages.find(query.value);
    }),
    mean: action((member: AdminUser): void => {
      meant.value = member;
    }),
    async patch(user_id: string, change: PatchUser): Promise<void> {
      await api.patch(`/admin/users/${encodeURIComponent(user_id)}`, change);
      await look(user_id);
    },
    async handOver(user_id: string, mine: string): Promise<void> {
      pages.put(await api.put<AdminUser>("/admin/owner", { user_id }));
      await look(mine);
    },
    /** Goes on until nothing of theirs is left. A line that breaks leaves the rest, and the same deed goes on from there. */
    async erase(user_id: string, messages: "keep" | "remove"): Promise<void> {
      works(true);
      try {
        for (let left = true; left;) {
          const { user, messages_left } = await api.post<Erasure>(`/admin/users/${encodeURIComponent(user_id)}/erasure`, { messages });
          pages.put(user);
          left = messages_left;
        }
      } finally {
        works(false);
      }
    },
  };
}
