/** Which build this is; scripts/build.ts defines the three at compile time. */
declare const BUILD_VERSION: string | undefined;
declare const BUILD_COMMIT: string | undefined;
declare const BUILD_TIME: string | undefined;

export const build = {
  version: typeof BUILD_VERSION === "undefined" ? "0.0.0-source" : BUILD_VERSION,
  commit: typeof BUILD_COMMIT === "undefined" ? "unknown" : BUILD_COMMIT,
  built_at: typeof BUILD_TIME === "undefined" ? null : BUILD_TIME,
};
