declare module '@tabler/icons-react/dist/esm/icons/*.mjs' {
  import type { ComponentType, SVGProps } from 'react';

  const icon: ComponentType<Omit<SVGProps<SVGSVGElement>, 'stroke' | 'ref'> & { size?: number | string; stroke?: number }>;
  export default icon;
  /** Tag and attributes of each part, on a 24 x 24 grid. */
  export const __iconNode: [tag: string, attributes: Record<string, string>][];
}
