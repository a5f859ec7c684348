import { Icon, type Sign } from "./icon.tsx";

type DeedProps = { sign: Sign; words: string; danger?: boolean; id?: string; run(): void };

export function Deed({ sign, words, danger = false, id, run }: DeedProps) {
  return (
    <button class="details__deed" id={id} type="button" data-danger={danger} onClick={run}>
      <Icon sign={sign} />
      {words}
    </button>
  );
}
