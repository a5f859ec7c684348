/** /openapi.json and /frames.json, made of the very schemas that routes and frames are checked by. */
import { toOpenAPISchema } from "@elysiajs/openapi/openapi"; // the package itself brings a page of its own, which we do not serve: 0.4 MB of the executable
import { type AnyElysia } from "elysia";
import { framesOf } from "../plugin-frames.ts";
import type { ServedPlugin } from "../plugin-routes.ts";
import { clientFrames, ErrorBody } from "../protocol.ts";
import { serverFrames } from "../protocol/server-frames.ts";
import { build } from "../version.ts";
import { createShapes, type JsonSchema } from "./json-schema.ts";
import { completed, type Operation, refusalAnswers, type Route } from "./operation.ts";
import { securitySchemes } from "./security.ts";
import { summaries } from "./summaries.ts";

export type Document = {
  openapi: string;
  info: { title: string; description: string; version: string };
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, JsonSchema>; [part: string]: unknown };
  [extension: `x-${string}`]: unknown;
};

/** All routes but the page's and the socket's. A path is told as it is asked: without the slash that a group leaves behind it. */
export function documentOf(app: AnyElysia): Document {
  const { paths: found } = toOpenAPISchema(app, { paths: ["/*", "/ws"] });
  const routes: readonly Route[] = app.routes;
  const paths: Record<string, Record<string, unknown>> = {};
  const shapes = createShapes("#/components/schemas/");
  for (const [path, operations] of Object.entries(found)) {
    const template = path.replace(/(?<=.)\/$/u, "");
    for (const [method, operation] of Object.entries(operations ?? {})) {
      const route = routes.find((one) => one.method === method.toUpperCase() && one.path === path.replace(/\{(\w+)\}/gu, ":$1"));
      if (!route) continue;
      const summary = summaries[`${route.method} ${template}`];
      const whole = completed({ ...(summary !== undefined && { summary }), ...(operation as Operation) }, route); // the plugin's own type knows no 3.1
      paths[template] = { ...paths[template], [method]: shapes.told(whole) };
    }
  }
  const responses = shapes.told(refusalAnswers(ErrorBody));
  const document = {
    openapi: "3.1.2",
    info,
    servers: [{ url: "/" }],
    paths,
    components: { securitySchemes, responses, schemas: shapes.definitions },
  };
  return JSON.parse(JSON.stringify({ ...document, "x-frames": "/frames.json" })) as Document; // what was serialised had its shape
}

/** JSON Schema of every frame, by direction and type, those of plugins too. A server may send further types and fields: leave alone what you do not know. */
export function framesDocument(plugins: readonly ServedPlugin[] = []): JsonSchema {
  const frames = { ...namedFor("Client", { ...clientFrames, ...framesOf(plugins) }), ...namedFor("Server", serverFrames) };
  const shapes = createShapes("#/$defs/", frames);
  const choice = (side: string) => ({
    oneOf: shapes.told(Object.entries(frames).flatMap(([name, frame]) => (name.startsWith(side) ? [frame] : []))),
  });
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "Frames of the Snug socket",
    description: "One JSON object in each text frame. ClientFrame is what may be sent, ServerFrame what is heard.",
    $defs: { ClientFrame: choice("Client"), ServerFrame: choice("Server"), ...shapes.definitions },
  };
}

const namedFor = (side: string, frames: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(frames).map(([type, frame]) => [
      `${side}${type[0]?.toUpperCase()}${type.slice(1).replace(/_(\w)/gu, (_all, letter: string) => letter.toUpperCase())}`,
      frame,
    ]),
  );

const info = {
  title: "Snug",
  description: "Team chat, and a chat API. docs/api.md is the guide; frames of the socket are described in /frames.json.",
  version: build.version,
};
