/** What a plugin adds to door two, as both sides know it: the plugin that writes it, the door that hears it, and the document that tells it. */
import { type Static, type TObject, type TSchema, Type as t } from "@sinclair/typebox";
import type { Principal } from "./chat/principal.ts";
import type { Shape } from "./plugin-routes.ts";

export type PluginFrame<F extends TObject = TObject, A extends Shape = Shape> = {
  /** Its type is `<plugin>.<name>`: `[a-z][a-z0-9-]{0,31}`. */
  name: string;
  /** Who may say it: whoever is on the socket, or the tenant's admins and owners alone. */
  for: "user" | "admin";
  /** Its fields beside `type` and `id`, in an object that is closed. A socket that is bound to one room says it only with that `room_id`. */
  fields: F;
  /** What the `ok` of a frame with an `id` holds as `result`; what is answered is held to it. */
  answers?: A;
  /** What it throws by `refuse` is the `error`; anything else is a fault of this plugin. */
  handle(asked: { who: Principal; fields: Static<F> }): unknown;
};

type Framing = { name: string; frames?: readonly PluginFrame[] };

export const typeOf = ({ name }: Framing, frame: PluginFrame): string => `${name}.${frame.name}`;

/** The shape of each frame, by its type. */
export function framesOf(plugins: readonly Framing[]): Record<string, TSchema> {
  const shapes = plugins.flatMap((plugin) =>
    (plugin.frames ?? []).map((frame) => {
      const head = { type: t.Literal(typeOf(plugin, frame)), id: t.Optional(t.String({ maxLength: 64 })) };
      return [typeOf(plugin, frame), t.Object({ ...frame.fields.properties, ...head }, { additionalProperties: false })] as const;
    }),
  );
  return Object.fromEntries(shapes);
}
