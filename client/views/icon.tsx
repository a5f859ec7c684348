/** The signs of Snug: lines on a grid of 20. They say nothing to who cannot see them: words stand beside them, or on their button. */
import "../styles/icon.css";

const signs = {
  hash: "M8 3.5 6.5 16.5M13.5 3.5 12 16.5M3.5 7.5h13.5M3 12.5h13.5",
  lock: "M5 9.5h10v7H5zM7 9.5V6.5a3 3 0 0 1 6 0v3",
  plus: "M10 4v12M4 10h12",
  close: "m5 5 10 10M15 5 5 15",
  back: "M12.5 4.5 7 10l5.5 5.5",
  unfold: "m5.5 8 4.5 4.5L14.5 8",
  down: "M10 4v12M5 11l5 5 5-5",
  send: "M10 16V4M5 9l5-5 5 5",
  reply: "M8 4.5 3 9.5l5 5M3 9.5h8a5.5 5.5 0 0 1 5.5 5.5v.5",
  clock: "M10 3a7 7 0 1 1 0 14 7 7 0 0 1 0-14zM10 6.5V10l2.5 1.5",
  search: "M9 3.5a5.5 5.5 0 1 1 0 11 5.5 5.5 0 0 1 0-11zM13 13l4 4",
  person: "M10 4a3 3 0 1 1 0 6 3 3 0 0 1 0-6zM4 16.5c.6-2.7 3-4 6-4s5.4 1.3 6 4",
  people:
    "M7.5 4.5a2.7 2.7 0 1 1 0 5.4 2.7 2.7 0 0 1 0-5.4zM2.5 16c.5-2.5 2.5-3.7 5-3.7s4.5 1.2 5 3.7M13 5a2.5 2.5 0 0 1 0 4.8M14.7 12.6c1.5.5 2.5 1.6 2.8 3.4",
  compass: "M10 3a7 7 0 1 1 0 14 7 7 0 0 1 0-14zM12.8 7.2 11.3 11.3 7.2 12.8 8.7 8.7z",
  pencil: "M4 16l.8-3.4L13.2 4.2a1.2 1.2 0 0 1 1.7 0l.9.9a1.2 1.2 0 0 1 0 1.7L7.4 15.2z",
  check: "m4.5 10.5 3.7 3.7L15.5 6.5",
  settings: "M3.5 6.5h7M14.5 6.5h2M3.5 13.5h2M9.5 13.5h7M12.5 4.5a2 2 0 1 1 0 4 2 2 0 0 1 0-4zM7.5 11.5a2 2 0 1 1 0 4 2 2 0 0 1 0-4z",
  leave: "M8.5 4H4.5v12h4M12.5 6.5 16 10l-3.5 3.5M8 10h8",
  invite: "M8 4a3 3 0 1 1 0 6 3 3 0 0 1 0-6zM2.5 16.5c.5-2.7 2.7-4 5.5-4 1.3 0 2.5.3 3.5.9M15 11v6M12 14h6",
  keyboard: "M2.5 5.5h15v9h-15zM5.5 8.5h.01M8.5 8.5h.01M11.5 8.5h.01M14.5 8.5h.01M6.5 11.5h7",
  archive: "M3.5 4.5h13v3h-13zM4.5 7.5v8h11v-8M8 10.5h4",
  bell: "M5 13.5V9a5 5 0 0 1 10 0v4.5l1.2 1.5H3.8zM8.3 17h3.4",
  silent: "M5 13.5V9a5 5 0 0 1 7.6-4.3M15 9v4.5l1.2 1.5H6M8.3 17h3.4M3.5 3.5l13 13",
  moon: "M15.8 12A6.4 6.4 0 0 1 8 4.2 6.4 6.4 0 1 0 15.8 12z",
  owner: "M4.5 15.5h11M4.5 12.5 3.5 6l3.7 2.7L10 4l2.8 4.7L16.5 6l-1 6.5z",
  muted: "M3.5 8H6l3.5-3v10L6 12H3.5zM13 8l4 4M17 8l-4 4",
  at: "M10 7a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM13 7v4a2 2 0 0 0 4 0v-1a7 7 0 1 0-2.7 5.5",
  more: "M5 10h.01M10 10h.01M15 10h.01",
  device: "M4.5 4.5h11v8h-11zM2.5 15.5h15",
  message: "M4 5.5a1.5 1.5 0 0 1 1.5-1.5h9A1.5 1.5 0 0 1 16 5.5v6a1.5 1.5 0 0 1-1.5 1.5H9l-4 3v-3.1A1.5 1.5 0 0 1 4 11.5z",
  key: "M7 9.5a3.5 3.5 0 1 1 0 7 3.5 3.5 0 0 1 0-7zM9.5 10.5l7-7M13 7l2.5 2.5",
  info: "M10 3a7 7 0 1 1 0 14 7 7 0 0 1 0-14zM10 9v4.5M10 6.5h.01",
  smile: "M10 3a7 7 0 1 1 0 14 7 7 0 0 1 0-14zM7.5 8.2h.01M12.5 8.2h.01M7 11.8c1.5 2.2 4.5 2.2 6 0",
  pin: "M7 3.5h6M8 3.5v5L5.5 12h9L12 8.5v-5M10 12v5",
  bookmark: "M6 3.5h8v13l-4-3-4 3z",
  clip: "m15.5 9-5.8 5.8a3.2 3.2 0 0 1-4.5-4.5l6.3-6.3a2.1 2.1 0 0 1 3 3l-6.1 6.1a1 1 0 0 1-1.5-1.5L12 6.5",
  file: "M5 3.5h6.5L15.5 7v9.5H5zM11.5 3.5V7h4",
  download: "M10 3.5V12M6 8.5l4 4 4-4M4 16.5h12",
  warning: "M10 3.5 17.5 16.5h-15zM10 8.5v3.5M10 14.2h.01",
} as const;

export type Sign = keyof typeof signs;

/** As large as `--icon` says where it stands. */
export function Icon({ sign }: { sign: Sign }) {
  return (
    <svg class="icon" viewBox="0 0 20 20" aria-hidden="true" data-sign={sign}>
      <path d={signs[sign]} />
    </svg>
  );
}
