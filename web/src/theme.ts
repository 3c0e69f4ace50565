import { createTheme, type CSSVariablesResolver, type MantineColorsTuple, type VariantColorsResolver } from '@mantine/core';
import { createStoredStore } from './lib/store';

export const THEMES = ['system', 'light', 'dark', 'hc'] as const;
export type ThemeName = (typeof THEMES)[number];

export const themeStore = createStoredStore<ThemeName>('portolan.theme', 'system', (value): value is ThemeName => THEMES.includes(value as ThemeName));

const systemDark = window.matchMedia('(prefers-color-scheme: dark)');

/** The theme that is drawn: `system` resolved. */
export function resolved(name: ThemeName): 'light' | 'dark' | 'hc' {
  return name === 'system' ? (systemDark.matches ? 'dark' : 'light') : name;
}

export function onSystemThemeChange(listener: () => void): () => void {
  systemDark.addEventListener('change', listener);
  return () => systemDark.removeEventListener('change', listener);
}

/** Every colour Mantine computes goes back to our tokens, so that themes live in tokens.css alone. */
const variantColorResolver: VariantColorsResolver = ({ variant, color }) => {
  const tone = color === 'red' ? 'var(--critical)' : 'var(--accent)';
  const onTone = color === 'red' ? 'var(--surface)' : 'var(--on-accent)';
  switch (variant) {
    case 'filled':
      return { background: tone, hover: `color-mix(in srgb, ${tone} 88%, var(--text))`, color: onTone, border: '1px solid transparent' };
    case 'light':
      return { background: 'var(--accent-tint)', hover: 'var(--sunken)', color: tone, border: '1px solid transparent' };
    case 'outline':
      return { background: 'transparent', hover: 'var(--raised)', color: tone, border: `1px solid ${tone}` };
    case 'subtle':
    case 'transparent':
      return { background: 'transparent', hover: 'var(--sunken)', color: color === 'gray' ? 'var(--text-muted)' : tone, border: '1px solid transparent' };
    default:
      return { background: 'var(--surface)', hover: 'var(--raised)', color: 'var(--text)', border: '1px solid var(--control-border)' };
  }
};

const flat = (value: string): MantineColorsTuple => [value, value, value, value, value, value, value, value, value, value];

export const mantineTheme = createTheme({
  primaryColor: 'accent',
  colors: { accent: flat('#0b63b0') },
  defaultRadius: 3,
  cursorType: 'pointer',
  respectReducedMotion: true,
  variantColorResolver,
  components: {
    Button: { defaultProps: { size: 'xs' } },
    TextInput: { defaultProps: { size: 'xs' } },
    PasswordInput: { defaultProps: { size: 'xs' } },
    Textarea: { defaultProps: { size: 'xs' } },
    Select: { defaultProps: { size: 'xs' } },
    MultiSelect: { defaultProps: { size: 'xs' } },
    TagsInput: { defaultProps: { size: 'xs' } },
    Checkbox: { defaultProps: { size: 'xs' } },
    Switch: { defaultProps: { size: 'xs' } },
    // The first entry takes the focus: a place for it beside the entries would be no entry (ARIA: menu).
    Menu: { defaultProps: { withInitialFocusPlaceholder: false } },
    SegmentedControl: { defaultProps: { size: 'xs' } },
    Tooltip: { defaultProps: { openDelay: 350, withArrow: true, events: { hover: true, focus: true, touch: false } } },
    // The page behind does not scroll, so there is nothing to lock (and locking would add a style without nonce).
    Modal: { defaultProps: { centered: true, lockScroll: false, transitionProps: { duration: 120 } } },
    Drawer: { defaultProps: { lockScroll: false, position: 'right', size: 'md', transitionProps: { duration: 120 } } },
  },
});

/** Nothing beyond tokens.css and base.css. */
export const cssVariablesResolver: CSSVariablesResolver = () => ({ variables: {}, light: {}, dark: {} });
