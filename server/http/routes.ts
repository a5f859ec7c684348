/** Which methods a path is served under: what tells a wrong method from a path that is not there. */

type Route = { method: string; path: string };

/** `routes` may still grow after this call. The page's wildcard is no route here: it answers for whatever nobody else does. */
export function methodsAt(routes: readonly Route[]): (path: string) => string[] {
  const templates = new Map<string, RegExp>();
  const matches = (template: string, path: string): boolean => {
    const form = templates.get(template) ?? formOf(template);
    templates.set(template, form);
    return form.test(path);
  };
  return (path) => [...new Set(routes.filter((route) => route.path !== "/*" && matches(route.path, path)).map(({ method }) => method))];
}

function formOf(template: string): RegExp {
  const pieces = template.replace(/\/$/u, "").split("/");
  return new RegExp(`^${pieces.map((piece) => (piece.startsWith(":") ? "[^/]+" : RegExp.escape(piece))).join("/")}/?$`, "u");
}
