import { TextInput } from '@mantine/core';
import { useEffect, useState } from 'react';
import { IconSearch } from './icons';

/** Search text, sent a moment after the last key. */
export function SearchBox({ value, label, onChange }: { value: string; label: string; onChange: (value: string) => void }) {
  const [typed, setTyped] = useState(value);
  const [sent, setSent] = useState(value);
  if (value !== sent) {
    // The URL changed from outside (back, palette): it wins.
    setSent(value);
    setTyped(value);
  }
  useEffect(() => {
    if (typed === sent) return;
    const timer = setTimeout(() => {
      setSent(typed);
      onChange(typed);
    }, 200);
    return () => clearTimeout(timer);
  }, [typed, sent, onChange]);
  return <TextInput data-page-filter aria-label={label} placeholder={label} leftSection={<IconSearch size={14} />} w={260} value={typed} onChange={(event) => setTyped(event.currentTarget.value)} />;
}
