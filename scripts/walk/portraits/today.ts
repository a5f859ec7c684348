/** What is said on the day of the tour: lines of the real conversation, by their number in it, said again in channels of their own. */
import type { Beside } from "../seeded.ts";

const HOUR = 60;
const DAY = 24 * HOUR;

/** Who looks at all of it, and runs the workspace. */
export const READER = "humble_sloth";
/** Who is a member like any other, and signs in too. */
export const MEMBER = "snowy_crane2";
export const KEEPER = "merry_wren";
/** Who reads #announcements and is glad of what stands there. */
export const GLAD = ["plain_fox2", "plain_lynx", "azure_llama", "true_puffin2", "olive_seal2", MEMBER, READER];

type Talk = {
  readonly name: string;
  readonly topic: string;
  /** A line, or what somebody lays out as code, and how many minutes ago it is said. The reader has read up to their own. */
  readonly said: readonly (readonly [line: number | Words, ago: number])[];
};
type Words = { readonly user: string; readonly text: string };

/** What line 220,136 describes: a folder is made, then a file in it, and both are asked when they were changed. */
const EXAMPLE: Words = {
  user: "clever_badger6",
  text: "```sh\nmkdir drafts && sleep 5\ntouch drafts/letter\nfor one in drafts drafts/letter; do\n  stat --format '%n %y' \"$one\"  # when it was changed\ndone\n```",
};

const talks: readonly Talk[] = [
  {
    name: "announcements",
    topic: "What is out, and what is next",
    said: [
      [35_371, 3 * DAY],
      [38_154, DAY + 90],
      [38_583, 75],
      [{ user: READER, text: "sparc build will be released later" }, 71],
    ],
  },
  { name: "desktop", topic: "Panels, themes, fonts", said: evenly([32_436, 151_580, 151_582, 151_586, 151_588, 151_589, 151_592], 210, 9) },
  {
    name: "hardware",
    topic: "What plugs in, and what does not",
    said: evenly([216_492, ...span(184_570, 184_577), 184_580], 64, 3),
  },
  {
    name: "kernel",
    topic: "Building, patching, booting",
    said: [...evenly([18_556, 220_139, 220_142], 150, 3), [EXAMPLE, 140], ...evenly([220_146, 220_151], 138, 2), [197_416, 46]],
  },
  { name: "lounge", topic: "Everything else", said: evenly([119_126, 38_755, 38_937, 38_892, 39_191, 39_699], 70, 6) },
  {
    name: "servers",
    topic: "What runs unattended",
    said: evenly([152_905, 152_906, 152_911, 152_919, 215_889, 152_921, 152_922, 152_923, 152_925, 152_943, 152_946, 152_948, 152_956], 40, 2),
  },
];

export type Said = { readonly at: string; readonly user: string; readonly text: string };

const WELCOME_AGO = 5 * DAY;

/** Before all else who keeps the channels greets whoever speaks there, so that nobody comes in the middle of it. */
function welcome(said: readonly Words[]): Words {
  const names = new Set(said.map(({ user }) => user));
  names.delete(KEEPER);
  return { user: KEEPER, text: `Welcome, ${[...names].map((name) => `@${name}`).join(", ")}!` };
}

/** The channels beside the long one, at `now` as milliseconds. */
export function channelsOf(lines: readonly string[], now: number): (Beside & { topic: string })[] {
  return talks.map(({ name, topic, said }) => {
    const words = said.map(([line, ago]) => ({ ...(typeof line === "number" ? saidAt(lines, line) : line), ago }));
    const all = [{ ...welcome(words), ago: WELCOME_AGO }, ...words];
    const as = words.some(({ user }) => user === MEMBER) ? MEMBER : READER;
    return { name, topic, as, lines: all.map(({ ago, ...one }) => JSON.stringify({ ...one, at: new Date(now - ago * 60_000).toISOString() })) };
  });
}

export function saidAt(lines: readonly string[], line: number): Said {
  const { at, user, text }: Partial<Said> = JSON.parse(lines[line - 1] ?? "{}");
  if (at === undefined || user === undefined || text === undefined) throw new Error(`the conversation has no line ${line}`);
  return { at, user, text };
}

/** Begins so many minutes ago; from line to line so many pass. */
function evenly(lines: readonly number[], from: number, gap: number): (readonly [number, number])[] {
  return lines.map((line, i) => [line, from - i * gap] as const);
}

function span(from: number, to: number): number[] {
  return Array.from({ length: to + 1 - from }, (_, i) => from + i);
}
