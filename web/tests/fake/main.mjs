// PORT (4780), FAKE_NODES (60), FAKE_EMPTY=1, FAKE_MUST_CHANGE=1.
import { createServer } from 'node:http';
import { createPages } from './pages.mjs';

const handler = createPages({ nodes: Number(process.env.FAKE_NODES ?? 60), empty: process.env.FAKE_EMPTY === '1', mustChange: process.env.FAKE_MUST_CHANGE === '1' });
const port = Number(process.env.PORT ?? 4780);
createServer(handler).listen(port, '127.0.0.1', () => console.log(`http://127.0.0.1:${port}  admin / portolan-admin`));
