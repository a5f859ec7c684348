/** `snug/plugin`, as plugin files import it: answered by the server itself, so that a plugin is one file and needs no packages beside it. */
import { plugin } from "bun";
import * as provided from "./provided.ts";

/** Answers from now on. Asked again it changes nothing. */
export function provideModule(): void {
  plugin({
    name: "snug/plugin",
    setup: (build) => void build.module("snug/plugin", () => ({ exports: { ...provided }, loader: "object" })),
  });
}
