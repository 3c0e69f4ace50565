// Makes an inventory of what was discovered, then lets it differ: a device is renamed, an interface is
// shut, an address is another one, a device is intended that nobody sees. For pictures.
//
//   PORTOLAN_URL=http://127.0.0.1:8080 PORTOLAN_USER=admin PORTOLAN_PASSWORD=... node scripts/drift.mjs
//
// Ends when all of it is open, and prints the id of the first difference.
import { connect } from './site.mjs';

const DRIFT = '/api/v1/atlas/drift';
const INVENTORY = '/api/v1/inventory';
const api = await connect(process.env.PORTOLAN_URL, process.env.PORTOLAN_USER, process.env.PORTOLAN_PASSWORD);

async function until(what, condition) {
  for (let tries = 0; tries < 120; tries += 1) {
    const found = await condition();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  throw new Error(`this did not come within a minute: ${what}`);
}

const { job_id: job } = await api('POST', `${DRIFT}/import`, {});
const ended = await until('the import', async () => {
  const { state, result } = await api('GET', `/api/v1/platform/jobs/${job}`);
  return ['completed', 'discarded'].includes(state) && { state, result };
});
if (ended.state !== 'completed') throw new Error(`the import: ${JSON.stringify(ended)}`);

const devices = (await api('GET', `${INVENTORY}/devices?limit=1000&sort=name`)).items;
const routers = devices.filter((device) => device.name !== null && !/^(localhost|nms)/.test(device.name));
const change = (collection, row, body) => api('PATCH', `${INVENTORY}/${collection}/${row.id}`, body);
await change('devices', routers[0], { name: `${routers[0].name}-old` });
const ports = (await api('GET', `${INVENTORY}/interfaces?limit=1000&device=${routers[1].id}`)).items;
const up = ports.filter((port) => port.enabled);
await change('interfaces', up[0], { mtu: 9192, description: 'to the backbone, as planned' });
await change('interfaces', up[1] ?? up[0], { enabled: false });
const copy = { site: routers[0].site.id, role: routers[0].role.id, device_type: routers[0].device_type.id };
await api('POST', `${INVENTORY}/devices`, { ...copy, name: 'edge-ordered', status: 'active' });

const open = await until('the differences', async () => {
  const { items } = await api('GET', `${DRIFT}?limit=100`);
  return items.length >= 3 && items.every((item) => item.state === 'open') && items;
});
console.log(open.find((item) => item.kind === 'device' && item.type === 'different')?.id ?? open[0].id);
