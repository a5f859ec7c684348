// Imported before anything else: Elysia reads NODE_ENV when it is loaded and would tell clients what a validation found.
if (Bun.isStandaloneExecutable) Bun.env.NODE_ENV ??= "production";
