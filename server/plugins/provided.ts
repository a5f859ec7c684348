/** All that `snug/plugin` holds, by the names a plugin knows: what module.ts answers with, and what its author's editor reads. */
export { Type as t } from "@sinclair/typebox";
export type { Store } from "../../db/store.ts";
export type { Backplane, Bell, Ears, Log, Notice, UserBell } from "../chat/chat.ts";
export type { Points } from "../chat/hooks.ts";
export type { Principal } from "../chat/principal.ts";
export { refuse } from "../chat/refusal.ts";
export { defineFrame, definePlugin, defineRoute, type Plugin, type Seams } from "./plugin.ts";
