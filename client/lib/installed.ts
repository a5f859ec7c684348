/** Keeps the page's shell for when its server cannot be reached (worker.ts): where the build has made a worker, and the browser trusts this address. */

const ADDRESS = "/sw.js";

type Policies = { createPolicy(name: string, rules: { createScriptURL(address: string): string }): { createScriptURL(address: string): unknown } };

/** A worker that waits is asked to take over if it keeps this very build; one of another build waits until no page needs the former. */
export async function keepShell(): Promise<void> {
  const entry = document.querySelector("script[type=module]")?.getAttribute("src");
  if (!document.querySelector("link[rel=manifest]") || !("serviceWorker" in navigator) || !entry) return;
  const registration = await navigator.serviceWorker.register(trusted(ADDRESS)).catch(() => null); // without it nothing but this is missing
  if (!registration) return;
  const ask = (): void => registration.waiting?.postMessage(entry);
  const follow = (): void => registration.installing?.addEventListener("statechange", ask);
  ask();
  follow();
  registration.addEventListener("updatefound", follow);
}

/** The policy of the page lets no text become the address of a script but by this one name, and this one address. */
function trusted(address: string): string {
  const policies: Policies | undefined = Reflect.get(globalThis, "trustedTypes");
  return (policies?.createPolicy("app", { createScriptURL: () => ADDRESS }).createScriptURL(address) ?? address) as string; // what a browser takes for one
}
