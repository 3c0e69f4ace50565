/** Sixteen wind roses joined by rhumb lines, as on a sea chart; the nodes are a network. Decoration only. */

const ROSES = Array.from({ length: 16 }, (_, at) => {
  const angle = (at / 16) * 2 * Math.PI;
  return { x: 500 + 380 * Math.cos(angle), y: 500 + 380 * Math.sin(angle) };
});

const LINES = ROSES.flatMap((from, at) => [3, 5, 7].map((step) => [from, ROSES[(at + step) % 16] ?? from] as const));

export function RhumbLines() {
  return (
    <svg viewBox="0 0 1000 1000" preserveAspectRatio="xMidYMid slice" aria-hidden="true">
      <g stroke="var(--accent)" strokeWidth="1">
        {LINES.map(([from, to]) => (
          <line key={`${from.x},${to.x},${to.y}`} x1={from.x * 3 - to.x * 2} y1={from.y * 3 - to.y * 2} x2={to.x * 3 - from.x * 2} y2={to.y * 3 - from.y * 2} opacity={0.13} />
        ))}
        {ROSES.map((rose, at) => (
          <line key={rose.x} x1={rose.x} y1={rose.y} x2={ROSES[(at + 1) % 16]?.x} y2={ROSES[(at + 1) % 16]?.y} opacity={0.55} strokeWidth="1.5" />
        ))}
      </g>
      {ROSES.map((rose, at) => (
        <g key={rose.x} fill="var(--surface)" stroke="var(--accent)" strokeWidth="1.5">
          <circle cx={rose.x} cy={rose.y} r={at % 4 === 0 ? 15 : 8} />
          {at % 4 === 0 && <circle cx={rose.x} cy={rose.y} r="5" fill="var(--accent)" stroke="none" />}
        </g>
      ))}
      <g transform="translate(500 500)" fill="var(--accent)">
        {[0, 45, 90, 135, 180, 225, 270, 315].map((turn) => (
          <path key={turn} transform={`rotate(${turn}) scale(${turn % 90 === 0 ? 1 : 0.62})`} d="M0-110 14-16 0 0-14-16z" opacity={turn % 90 === 0 ? 0.9 : 0.4} />
        ))}
        <circle r="9" fill="var(--surface)" />
      </g>
    </svg>
  );
}
