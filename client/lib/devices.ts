/** A browser in words, by what it calls itself; null when it says nothing that one would know. */
export function deviceOf(agent: string): string | null {
  const browser = [
    ["Edge", /\bEdg\//u],
    ["Opera", /\bOPR\//u],
    ["Firefox", /\bFirefox\//u],
    ["Chrome", /\b(Headless)?Chrome\//u],
    ["Safari", /\bSafari\//u],
  ].find(([, sign]) => sign instanceof RegExp && sign.test(agent))?.[0];
  const system = [
    ["iPhone", /iPhone/u],
    ["iPad", /iPad/u],
    ["Android", /Android/u],
    ["Windows", /Windows/u],
    ["macOS", /Mac OS X/u],
    ["Linux", /Linux/u],
  ].find(([, sign]) => sign instanceof RegExp && sign.test(agent))?.[0];
  if (browser === undefined && system === undefined) return agent === "" ? null : agent;
  return [browser, system].filter((part) => part !== undefined).join(" · ");
}
