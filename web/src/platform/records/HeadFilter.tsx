import { useEffect, useRef, useState } from 'react';
import type { Quick } from './quick';
import css from './records.module.css';

interface HeadFilterProps {
  quick: Quick;
  label: string;
  /** What the list is filtered by now. */
  text: string;
  onChange: (text: string) => void;
}

/** The filter in the head of a column: a choice at once, a text after a moment or with Enter. */
export function HeadFilter({ quick, label, text, onChange }: HeadFilterProps) {
  const [typed, setTyped] = useState(text);
  const [told, setTold] = useState(text);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  // Somebody else changed it: a chip was taken away, a view was opened.
  if (text !== told) {
    setTold(text);
    setTyped(text);
  }
  useEffect(() => () => clearTimeout(timer.current), []);
  const say = (next: string) => {
    clearTimeout(timer.current);
    setTold(next.trim());
    onChange(next);
  };
  const name = `Filter by ${label}`;
  if (quick.kind === 'choice') {
    return (
      <select className={css.head} aria-label={name} value={text} data-set={text === '' ? undefined : ''} onChange={(event) => say(event.currentTarget.value)}>
        <option value="">all</option>
        {quick.choices.map((choice) => (
          <option key={choice.value} value={choice.value}>
            {choice.label}
          </option>
        ))}
      </select>
    );
  }
  return (
    <input
      className={css.head}
      aria-label={name}
      placeholder={quick.hint}
      value={typed}
      data-set={text === '' ? undefined : ''}
      onChange={(event) => {
        const next = event.currentTarget.value;
        setTyped(next);
        clearTimeout(timer.current);
        timer.current = setTimeout(() => say(next), 350);
      }}
      onKeyDown={(event) => {
        if (event.key === 'Enter') say(typed);
        else if (event.key === 'Escape' && typed !== '') {
          setTyped('');
          say('');
        } else return;
        event.preventDefault();
        event.stopPropagation();
      }}
    />
  );
}
