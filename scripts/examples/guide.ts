/**
 * docs/api.md as a program: its `sh` blocks, section by section, in one shell; its files (a block that says a name behind its language) in the folder
 * beside. Blocks of other languages are for reading.
 */

export type Section = { name: string; commands: string; paths: readonly string[] };
export type Guide = { sections: readonly Section[]; files: Readonly<Record<string, string>> };

export function readGuide(markdown: string): Guide {
  const sections: Section[] = [];
  const files: Record<string, string> = {};
  for (const part of markdown.split(/^## /mu).slice(1)) {
    const blocks = [...part.matchAll(/^```([^\n]*)\n([\s\S]*?)^```$/gmu)].map(([, info = "", text = ""]) => ({ info: info.trim(), text }));
    for (const { info, text } of blocks) {
      const [, file] = /^\w+ (\S+)$/u.exec(info) ?? [];
      if (file !== undefined) files[file] = text;
    }
    const commands = blocks.flatMap(({ info, text }) => (info === "sh" ? [text] : [])).join("");
    if (commands !== "") sections.push({ name: part.split("\n", 1)[0] ?? "", commands, paths: pathsIn(commands) });
  }
  return { sections, files };
}

/** One shell for all of them: what a section sets, the next ones have. Each says its name first; the first command that fails ends it. */
export const scriptOf = (sections: readonly Section[]): string =>
  ["set -euo pipefail", ...sections.flatMap(({ name, commands }) => [`echo "# ${name}"`, commands])].join("\n");

/** Paths as they are asked, without their queries; what a variable stands for is one piece. */
const pathsIn = (commands: string): string[] => [...commands.matchAll(/\$SNUG(\/[\w/$.-]*)/gu)].map(([, path = ""]) => path.replace(/\$\w+/gu, "{}"));
