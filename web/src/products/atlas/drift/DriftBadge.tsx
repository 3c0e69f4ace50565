import { StatusBadge, type Tone } from '~/kit/Status';

const TONES: Record<string, [Tone, string]> = {
  high: ['critical', 'High'],
  medium: ['warning', 'Medium'],
  low: ['info', 'Low'],
  info: ['unknown', 'Info'],
  open: ['warning', 'Open'],
  pending: ['unknown', 'Pending'],
  ignored: ['maintenance', 'Ignored'],
  accepted: ['info', 'Accepted'],
  change_requested: ['maintenance', 'Change ordered'],
  overdue: ['critical', 'Overdue'],
  resolved: ['ok', 'Resolved'],
};

/** How grave a difference is, or what was decided of it. */
export function DriftBadge({ word }: { word: string }) {
  const [tone, text] = TONES[word] ?? ['unknown', word];
  return <StatusBadge tone={tone}>{text}</StatusBadge>;
}
