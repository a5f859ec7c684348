/** What runs here, and whether it is well. */
import { action, signal } from "@preact/signals";
import type { Api } from "../api.ts";

type Build = { version: string; commit: string; built_at: string | null };
type Ready = { status: string; checks: Record<string, boolean> };

export function createAbout(api: Pick<Api, "version" | "ready">) {
  const build = signal<Partial<Build> | null>(null);
  const health = signal<Ready | "silent" | null>(null);
  const took = action((version: string | null, ready: string | null): void => {
    build.value = version === null ? {} : parsed(version);
    const checks: unknown = ready === null ? null : parsed(ready);
    health.value = isReady(checks) ? checks : "silent";
  });
  return {
    /** Null before it is known. */
    build,
    health,
    look: async (): Promise<void> => took(...(await Promise.all([api.version(), api.ready()]))),
  };
}

function parsed(text: string): object {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : {};
  } catch {
    return {};
  }
}

const isReady = (value: unknown): value is Ready => typeof value === "object" && value !== null && "checks" in value && "status" in value;
