// One attack on a server, and what an honest client sees meanwhile: abuse.mjs ATTACK PORT PID SECONDS-AFTER.
import { fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import zlib from 'node:zlib';

const [attack, port, pid, after] = process.argv.slice(2);
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const resident = () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024;

function send(method, path, body, headers = {}, agent) {
  return new Promise((resolve) => {
    const request = http.request({ port, host: '127.0.0.1', method, path, headers, agent, timeout: 60_000 }, (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode));
      response.on('error', () => resolve('broken'));
    });
    request.on('timeout', () => request.destroy());
    request.on('error', () => resolve('refused'));
    request.end(body);
  });
}

const events = (body, headers = {}, agent) => send('POST', '/api/v1/events', body, { 'Content-Type': 'application/x-ndjson', ...headers }, agent);
const query = (body, headers) => send('POST', '/api/v1/query', JSON.stringify(body), { 'Content-Type': 'application/json', ...headers });
/** The address of the honest client; the server trusts the proxy at 127.0.0.1. */
const honest = { 'X-Forwarded-For': '192.0.2.1' };
const pages = { site_id: 'honest.example', metrics: ['visitors'], dimensions: ['event:page'], date_range: 'day' };
const count = (statuses) => Object.entries(statuses.reduce((sums, status) => ({ ...sums, [status]: (sums[status] ?? 0) + 1 }), {})).map(([status, n]) => `${n} × ${status}`).join(', ');
const lines = (n, make) => Array.from({ length: n }, (_, i) => JSON.stringify(make(i))).join('\n');

/** Sends requests one after the other on some connections, for a time. */
async function flood(connections, seconds, make) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: connections });
  const [statuses, until] = [[], Date.now() + seconds * 1000];
  await Promise.all(Array.from({ length: connections }, async () => {
    while (Date.now() < until) statuses.push(await events(make(), {}, agent));
  }));
  agent.destroy();
  return count(statuses);
}

let next = 0;
const attacks = {
  none: async () => { await sleep(10_000); return ''; },
  bombs: async () => {
    const bomb = zlib.brotliCompressSync(Buffer.alloc(8 << 20, ' '), { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 9 } });
    const statuses = await Promise.all(Array.from({ length: 3_000 }, () => events(bomb, { 'Content-Encoding': 'br' })));
    return `${bomb.length} bytes each: ${count(statuses)}`;
  },
  'slow-bodies': async () => {
    const most = Buffer.alloc((8 << 20) - 100_000, ' ');
    const held = Array.from({ length: 300 }, () => {
      const state = { open: true };
      const socket = net.connect({ port, host: '127.0.0.1' }, () => {
        socket.write(`POST /api/v1/events HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-ndjson\r\nContent-Length: ${8 << 20}\r\n\r\n`);
        socket.write(most);
        state.timer = setInterval(() => socket.write(' '.repeat(300)), 1_000);
      });
      const end = () => { state.open = false; clearInterval(state.timer); };
      socket.on('data', () => socket.destroy()).on('close', end).on('error', end);
      state.socket = socket;
      return state;
    });
    await sleep(25_000);
    const open = held.filter((state) => state.open).length;
    held.forEach((state) => state.socket.destroy());
    return `${open} of 300 open after 25 s`;
  },
  texts: () => flood(8, 50, () => lines(1_000, () => ({ site: 'loud.example', url: `https://loud.example/${next++}-${Math.random()}`, props: { a: `${Math.random()}`, b: `${Math.random()}` } }))),
  ids: () => flood(8, 30, () => lines(1_000, () => ({ site: 'loud.example', name: 'visit', id: `${next++}-${Math.random()}` }))),
  sites: async () => {
    await events(lines(1_000, (i) => ({ name: 'visit', site: `s${i}.example` })));
    return `TOO_MANY_NEW_SITES for ${/TOO_MANY_NEW_SITES"\} (\d+)/.exec(await (await fetch(`http://127.0.0.1:${port}/metrics`)).text())?.[1] ?? 0} of 1,000`;
  },
  patterns: async () => {
    const pattern = '(((a{1,100}){1,10})b|N)';
    const filters = Array.from({ length: 50 }, (_, i) => ['matches', 'event:page', [`${pattern}${i}`]]);
    const [statuses, until] = [[], Date.now() + 20_000];
    await Promise.all(Array.from({ length: 6 }, async () => {
      while (Date.now() < until) statuses.push(await query({ ...pages, filters: [['or', filters]] }));
    }));
    return count(statuses);
  },
  'slow-exports': async () => {
    for (let i = 0; i < 30; i++) await events(lines(5_000, (j) => ({ site: 'loud.example', url: `https://loud.example/${i}-${j}` })));
    await sleep(5_000);
    const ends = [];
    for (let i = 0; i < 2; i++) {
      const socket = net.connect({ port, host: '127.0.0.1' }, () => socket.write('GET /api/v1/export?site_id=loud.example&date_range=all&what=hits&format=ndjson HTTP/1.1\r\nHost: x\r\n\r\n'));
      socket.pause();
      socket.on('close', () => ends.push(i)).on('error', () => {});
    }
    await sleep(1_000);
    const [began, statuses] = [Date.now(), []];
    do {
      statuses.push(await send('GET', '/api/v1/export?site_id=honest.example&date_range=all&what=hits&format=csv', undefined, honest));
      await sleep(500);
    } while (statuses.at(-1) !== 200 && Date.now() < began + 60_000);
    return `an honest export is answered after ${Date.now() - began - 500} ms`;
  },
  connections: async () => {
    const sockets = Array.from({ length: 2_000 }, () => net.connect({ port, host: '127.0.0.1' }).on('error', () => {}));
    await sleep(10_000);
    const open = sockets.filter((socket) => socket.readyState === 'open').length;
    sockets.forEach((socket) => socket.destroy());
    return `${open} of 2,000 stay open`;
  },
};

/** The honest client, in a process of its own: an attacker that is busy must not make its clock slow. */
async function probe() {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 4 });
  const times = { post: [], health: [], query: [] };
  const every = async (name, pause, call) => {
    while (!stopping) {
      const start = performance.now();
      await call();
      times[name].push(performance.now() - start);
      await sleep(pause);
    }
  };
  let stopping = false;
  process.on('message', () => { stopping = true; });
  await Promise.all([
    every('post', 20, () => send('POST', '/api/v1/stats?countryCode=us&site=honest.example', undefined, honest, agent)),
    every('health', 50, () => send('GET', '/healthz', undefined, {}, agent)),
    every('query', 250, () => query(pages, honest)),
  ]);
  const p95 = (list) => list.sort((a, b) => a - b)[Math.floor(list.length * 0.95)];
  process.send([p95(times.post), p95(times.health), p95(times.query)].map((ms) => `${ms.toFixed(0)} ms`));
  process.exit();
}

if (attack === 'probe') await probe();
else {
  await events(lines(200, (i) => ({ site: 'honest.example', url: `https://honest.example/${i % 20}` })));
  await sleep(3_000);
  const before = resident();
  let most = before;
  const watch = setInterval(() => { most = Math.max(most, resident()); }, 100);
  const probing = fork(process.argv[1], ['probe', port, pid]);
  await sleep(1_000);
  const got = await attacks[attack]();
  const seen = new Promise((resolve) => probing.on('message', resolve));
  probing.send('stop');
  const latencies = await seen;
  clearInterval(watch);
  await sleep(after * 1000);
  const mb = (n) => `${n.toFixed(0)} MB`.padStart(8);
  console.log(`${attack.padEnd(38)} ${mb(before)} ${mb(most)} ${mb(resident())}   ${latencies.map((text) => text.padStart(8)).join(' ')}   ${got}`);
}
