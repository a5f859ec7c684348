/** The API described: for programs /openapi.json and /frames.json, for people /openapi. The plugin's own page loads a script from a CDN: ours has none. */
import { type AnyElysia, Elysia } from "elysia";
import type { ServedPlugin } from "../plugin-routes.ts";
import { documentOf, framesDocument } from "./document.ts";
import type { AnswerHeaders } from "./headers.ts";
import { pageOf, styles } from "./reference-page.ts";

const POLICY = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** Puts them on the app. Routes that come after it are told too: the document is made when somebody first asks. */
export const reference =
  (plugins: readonly ServedPlugin[]) =>
  <App extends AnyElysia>(app: App): App => {
    const document = once(() => documentOf(app));
    const frames = once(() => framesDocument(plugins));
    const page = once(() => pageOf(document(), frames()));
    const texts = { document: once(() => JSON.stringify(document())), frames: once(() => JSON.stringify(frames())) }; // anybody may ask, as often as they may
    const hidden = { detail: { hide: true } };
    app.use(
      new Elysia({ name: "reference" })
        .get("/openapi.json", ({ set }) => asJson(set.headers, texts.document()), hidden)
        .get("/frames.json", ({ set }) => asJson(set.headers, texts.frames()), hidden)
        .get("/openapi", ({ set }) => served(set.headers, "text/html; charset=utf-8", page()), hidden)
        .get("/openapi.css", ({ set }) => served(set.headers, "text/css; charset=utf-8", styles), hidden),
    );
    return app;
  };

function asJson(headers: AnswerHeaders, text: string): string {
  headers["content-type"] = "application/json";
  return text;
}

function served(headers: AnswerHeaders, type: string, text: string): string {
  headers["content-type"] = type;
  headers["content-security-policy"] = POLICY;
  headers["cache-control"] = "no-cache";
  return text;
}

function once<R>(make: () => R): () => R {
  let made: { it: R } | null = null;
  return () => (made ??= { it: make() }).it;
}
