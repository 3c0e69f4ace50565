import css from './kit.module.css';

/** How much of something is used: a bar, and the share as a number. `text` says it in words, `word` what it is of. */
export function Meter({ label, share, text, note, word }: { label: string; share: number; text: string; note?: string; word?: string }) {
  const percent = Math.max(0, Math.min(100, share));
  return (
    <div className={css.meter} title={note}>
      {word && <em>{word}</em>}
      <div className={css.bar} role="meter" aria-label={label} aria-valuemin={0} aria-valuemax={100} aria-valuenow={Math.round(percent)} aria-valuetext={text} data-full={percent >= 90 ? '' : undefined}>
        <i style={{ width: `${percent}%` }} />
      </div>
      <span>{text}</span>
    </div>
  );
}
