/** What a workspace has set for itself. */
import { action, signal } from "@preact/signals";
import type { Config, PatchConfig } from "../../server/protocol/tenants.ts";
import type { Api } from "../api.ts";
import { ApiError } from "../lib/api-error.ts";
import { perApp } from "./per-app.ts";

export function createWorkspaceSettings(api: Pick<Api, "get" | "patch">) {
  const config = signal<Config | null>(null);
  const trouble = signal<ApiError | null>(null);
  const took = action((next: Config): void => {
    config.value = next;
    trouble.value = null;
  });
  const lost = action((fault: unknown): void => {
    if (!(fault instanceof ApiError)) throw fault;
    trouble.value = fault;
  });
  return {
    config,
    /** Why they could not be read. */
    trouble,
    find: (): Promise<void> => api.get<Config>("/admin/config").then(took, lost),
    took,
    change: async (to: PatchConfig): Promise<void> => took(await api.patch<Config>("/admin/config", to)),
  };
}

export const settingsOf = perApp(createWorkspaceSettings);

type Place = { value: number | null; least: number; most: number; usual: number | null };

/** The number at such a path of the settings, and what it may be. */
export function numberAt(config: Config, path: string): Place {
  const range = config.ranges[path] ?? { least: 0, most: 0, usual: null };
  const value: unknown = path
    .split(".")
    .reduce<unknown>((at, name) => (typeof at === "object" && at !== null ? Reflect.get(at, name) : null), config);
  return { ...range, value: typeof value === "number" && value !== range.usual ? value : null };
}

/** What was typed as a change of these paths: nothing is what is usual. Throws `invalid` with the first that is no number of its range. */
export function changeOf(config: Config, paths: readonly string[], texts: Record<string, string>): PatchConfig {
  const change: Record<string, unknown> = {};
  const limits: Record<string, number | null> = {};
  for (const path of paths) {
    const text = (texts[path] ?? "").replace(/[\s\u00a0\u202f]/gu, "");
    const { least, most } = numberAt(config, path);
    const value = text === "" ? null : Number(text);
    if (value !== null && (!Number.isInteger(value) || value < least || value > most))
      throw new ApiError({ code: "invalid", retry: false, fields: [path] });
    const [first = "", second] = path.split(".");
    if (second === undefined) change[first] = value;
    else limits[second] = value;
  }
  return { ...change, ...(Object.keys(limits).length > 0 && { limits }) };
}
