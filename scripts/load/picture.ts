/** The growth curves as one SVG: time per post over size, a panel for each thing that grows. Drawn for light and dark pages alike. */
import type { Outcome } from "./rounds.ts";
import { median } from "./table.ts";

const [WIDTH, HEIGHT, PAD, GAP] = [280, 200, 34, 24];
const CEILING = 1.2; // what a post may cost in comparison with the smallest

export function pictureOf(outcomes: readonly Outcome[]): string {
  const width = outcomes.length * (WIDTH + GAP) + GAP;
  const panels = outcomes.map((outcome, i) => `<g transform="translate(${GAP + i * (WIDTH + GAP)} ${GAP})">${panelOf(outcome)}</g>`);
  const style =
    "text{font:11px sans-serif;fill:#777}.t{font-weight:bold}.a{stroke:#999;fill:none}.c{stroke:#c33;stroke-dasharray:4 3}.l{stroke:#27c;stroke-width:2;fill:none}.p{fill:#27c}";
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${HEIGHT + 2 * GAP}" role="img" aria-label="Time per post as Snug grows"><style>${style}</style>${panels.join("")}</svg>\n`;
}

function panelOf({ scenario, samples }: Outcome): string {
  const points = scenario.contenders.flatMap(({ label }) => {
    const times = (samples.get(label) ?? []).map(({ per_second }) => 1e6 / per_second);
    const size = Number.parseInt(label.replaceAll(",", ""), 10);
    return times.length === 0 ? [] : [{ size, label, times, at: median(times) }];
  });
  const [first] = points;
  const grows = scenario.name.split(" ").at(-1) ?? ""; // a panel has no room for from where to where, which its axis says
  const title = `<text class="t" x="0" y="-8">µs per post, by ${grows}</text>`;
  const axes = `<path class="a" d="M${PAD} 0V${HEIGHT - PAD}H${WIDTH}"/>`;
  if (!first) return `${title}${axes}<text x="${PAD + 8}" y="20">not run here</text>`;
  const top = Math.max(first.at * CEILING, ...points.flatMap(({ times }) => times)) * 1.1;
  const span = Math.max(1e-9, Math.log10(points.at(-1)?.size ?? 1) - Math.log10(first.size));
  const x = (size: number): string => (PAD + 8 + ((Math.log10(size) - Math.log10(first.size)) / span) * (WIDTH - PAD - 24)).toFixed(1);
  const y = (time: number): string => ((HEIGHT - PAD) * (1 - time / top)).toFixed(1);
  const ceiling = `<path class="c" d="M${PAD} ${y(first.at * CEILING)}H${WIDTH}"/><text x="${WIDTH}" y="${Number(y(first.at * CEILING)) - 4}" text-anchor="end">+ 20 %</text>`;
  const line = `<path class="l" d="M${points.map(({ size, at }) => `${x(size)} ${y(at)}`).join("L")}"/>`;
  const dots = points.map(
    ({ size, at, times }) =>
      `<path class="a" d="M${x(size)} ${y(Math.min(...times))}V${y(Math.max(...times))}"/><circle class="p" cx="${x(size)}" cy="${y(at)}" r="3"/><text x="${x(size)}" y="${HEIGHT - PAD + 14}" text-anchor="middle">${size.toLocaleString("en")}</text><text x="${x(size)}" y="${Number(y(at)) + 16}" text-anchor="middle">${at.toFixed(0)}</text>`,
  );
  return [title, axes, `<text x="${PAD - 4}" y="${HEIGHT - PAD}" text-anchor="end">0</text>`, ceiling, line, ...dots].join("");
}
