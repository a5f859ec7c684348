/**
 * Frames that plugins add: bounded, counted, checked and answered as ours are, by whom the socket is. A plugin's fault is logged by its name and is
 * nobody else's.
 */
import { Value } from "@sinclair/typebox/value";
import type { Chat } from "../chat/chat.ts";
import { asRefusal } from "../chat/faults.ts";
import type { Principal } from "../chat/principal.ts";
import { refuse } from "../chat/refusal.ts";
import { framesOf, type PluginFrame, typeOf } from "../plugin-frames.ts";
import type { ServedPlugin } from "../plugin-routes.ts";
import { type AddedFrame, checksOf, type FrameChecks } from "./frames.ts";

export type AddedFrames = {
  checks: FrameChecks;
  isAdded(type: string): boolean;
  /** Refuses as the plugin does; `forbidden` who may not say it, `not_found` another room than the socket's, `internal` for a fault. */
  answer(who: Principal, frame: AddedFrame): Promise<{ result?: unknown }>;
};

export function createAddedFrames(chat: Chat, plugins: readonly ServedPlugin[]): AddedFrames {
  const added = new Map<string, { plugin: ServedPlugin; frame: PluginFrame }>();
  for (const plugin of plugins) for (const frame of plugin.frames ?? []) added.set(typeOf(plugin, frame), { plugin, frame });

  const handled = async (
    { plugin, frame }: { plugin: ServedPlugin; frame: PluginFrame },
    who: Principal,
    fields: Record<string, unknown>,
  ): Promise<unknown> => {
    try {
      const result = await frame.handle({ who, fields });
      if (frame.answers === undefined) return undefined;
      if (!Value.Check(frame.answers, result)) throw new TypeError("The answer is not of the shape that the frame tells.");
      return result;
    } catch (fault) {
      const known = asRefusal(fault);
      if (known) throw known;
      chat.metrics.count("snug_faults_total");
      chat.log.error("plugin.failed", fault, { by: `plugin ${plugin.name}`, where: `frame ${typeOf(plugin, frame)}` });
      return refuse("internal");
    }
  };

  return {
    checks: checksOf(framesOf(plugins)),
    isAdded: (type) => added.has(type),
    async answer(who, { type, id: _, ...fields }) {
      const one = added.get(type) ?? refuse("bad_request");
      if (one.frame.for === "admin" && who.role === "member") refuse("forbidden");
      if (who.room_id !== undefined && fields["room_id"] !== who.room_id) refuse("room_id" in fields ? "not_found" : "forbidden");
      const result = await handled(one, who, fields);
      return result === undefined ? {} : { result };
    },
  };
}
