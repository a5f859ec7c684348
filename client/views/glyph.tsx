/** Signs drawn for Snug, on a grid of 16. Whoever shows one says in words what it means. */

const paths = {
  reply: "M6.5 3.5 2.5 7.5l4 4M2.5 7.5H9a4.5 4.5 0 0 1 4.5 4.5v.5",
  edit: "m3 13 .6-2.9 7.3-7.3a1.3 1.3 0 0 1 1.9 0l.4.4a1.3 1.3 0 0 1 0 1.9L5.9 12.4zM9.5 4.2l2.3 2.3",
  more: "M3.5 8h.01M8 8h.01M12.5 8h.01",
  close: "m4 4 8 8m0-8-8 8",
  down: "M8 3v10m-4-4 4 4 4-4",
  clock: "M8 2.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11M8 5v3l2 1.5",
  send: "M8 13V3m-4 4 4-4 4 4",
} as const;

export type Sign = keyof typeof paths;

export function Glyph({ sign }: { sign: Sign }) {
  return (
    <svg
      viewBox="0 0 16 16"
      width="16"
      height="16"
      fill="none"
      stroke="currentColor"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      <path d={paths[sign]} stroke-width={sign === "more" ? 2.2 : 1.5} />
    </svg>
  );
}
