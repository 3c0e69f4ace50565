import { Modal, Switch } from '@mantine/core';
import { useStore } from '~/lib/store';
import { keysEnabled } from './keys';
import css from './shell.module.css';

const SECTIONS: [string, [string, string][]][] = [
  ['Anywhere', [['Mod+K', 'Search and commands'], ['/', 'Search, or the page’s filter'], ['?', 'This list'], ['g h', 'Home'], ['g m', 'Map'], ['g d', 'Devices'], ['g s', 'Discovery'], ['g u', 'Unplaced'], ['g e', 'Rack elevations'], ['g i', 'Prefix tree'], ['Mod+B', 'Fold navigation']]],
  ['Lists', [['j k', 'Next, previous row'], ['Enter', 'Open row'], ['x', 'Select row'], ['Shift+x', 'Select range'], ['Home End', 'First, last row']]],
  ['Prefix tree', [['↑ ↓', 'Next, previous row'], ['→ ←', 'Unfold, fold'], ['Enter', 'Open the prefix'], ['n', 'Take the next free one']]],
  ['Racks', [['↑ ↓', 'Next, previous device'], ['Enter', 'Open and move it'], ['Alt+↑ Alt+↓', 'To the next free unit']]],
  ['Map', [['arrows', 'Nearest neighbour in that direction'], ['Enter', 'Open device'], ['l', 'Step through the links of the node'], ['m', 'Move the node with arrows, Enter pins'], ['+ - 0', 'Zoom in, out, fit'], ['f', 'Centre on the selection'], ['1 2 3', 'Layer L1, L2, L3'], ['v', 'Graph or table'], ['Esc', 'Clear selection']]],
];

export function KeyHelp({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const enabled = useStore(keysEnabled);
  return (
    <Modal opened={opened} onClose={onClose} title="Keyboard" size={640} closeButtonProps={{ 'aria-label': 'Close' }}>
      <div className="stack">
        {SECTIONS.map(([title, keys]) => (
          <section key={title}>
            <h3>{title}</h3>
            <div className={css.keys}>
              {keys.map(([combination, text]) => (
                <div key={combination}>
                  <span>{text}</span>
                  <span className="row" style={{ gap: 4 }}>
                    {combination.split(' ').map((key) => (
                      <kbd key={key}>{key}</kbd>
                    ))}
                  </span>
                </div>
              ))}
            </div>
          </section>
        ))}
        <Switch label="Single-key shortcuts" description="Off keeps only the combinations with Ctrl or Command" checked={enabled} onChange={(event) => keysEnabled.set(event.currentTarget.checked)} />
      </div>
    </Modal>
  );
}
