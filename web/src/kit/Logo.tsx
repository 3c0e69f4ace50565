/** The mark: a wind rose. */
export function Logo({ size = 22 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
      <circle cx="16" cy="16" r="15" fill="var(--accent)" />
      <path d="M16 2v28M2 16h28M6.1 6.1l19.8 19.8M25.9 6.1 6.1 25.9" stroke="var(--on-accent)" strokeWidth="1.2" opacity=".5" />
      <path d="m16 4 3.2 9.2L28 16l-8.8 2.8L16 28l-3.2-9.2L4 16l8.8-2.8z" fill="var(--on-accent)" />
      <circle cx="16" cy="16" r="2.2" fill="var(--accent)" />
    </svg>
  );
}
