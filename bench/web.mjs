import { open, personOf, settled } from './pages.mjs'

const [server, site, rounds] = process.argv.slice(2)
const paths = [`/?site=${site}`, `/analytics?site=${site}&period=day`, '/demo']
const slower = 4
const visitsASecond = 50
const seconds = 10

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]

/** One load with an empty cache. */
async function load(browser, path) {
  const { context, page } = await personOf(browser)
  const devtools = await context.newCDPSession(page)
  await devtools.send('Network.enable')
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: slower })
  await page.addInitScript(() => {
    window.seen = { paint: 0, blocked: 0 }
    new PerformanceObserver((list) => list.getEntries().forEach((entry) => (window.seen.paint = entry.startTime))).observe({ type: 'largest-contentful-paint', buffered: true })
    // Of each task, what is over 50 ms (https://web.dev/articles/tbt).
    new PerformanceObserver((list) => list.getEntries().forEach((entry) => (window.seen.blocked += Math.max(0, entry.duration - 50)))).observe({ type: 'longtask', buffered: true })
  })
  const scripts = new Map()
  const sizes = new Map()
  devtools.on('Network.responseReceived', ({ requestId, response, type }) => type === 'Script' && scripts.set(requestId, response.url))
  devtools.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => sizes.set(requestId, encodedDataLength))
  await page.goto(server + path, { waitUntil: 'load' })
  const first = [...scripts.values()]
  if (!path.startsWith('/demo')) await settled(page)
  await page.waitForTimeout(2_000)
  const seen = await page.evaluate(() => window.seen)
  await context.close()
  return { ...seen, first }
}

/** The bytes of scripts, as gzip has them. */
async function gzipped(urls) {
  const { request } = await import('node:http')
  const size = (url) => new Promise((resolve, reject) => {
    request(url, { headers: { 'accept-encoding': 'gzip' } }, (answer) => {
      let bytes = 0
      answer.on('data', (chunk) => (bytes += chunk.length)).on('end', () => resolve(bytes)).on('error', reject)
    }).on('error', reject).end()
  })
  return (await Promise.all(urls.map(size))).reduce((sum, one) => sum + one, 0)
}

async function frames(browser, motion) {
  const { context, page } = await personOf(browser, { reducedMotion: motion })
  await page.goto(`${server}/?site=${site}`)
  await settled(page)
  const countries = ['us', 'de', 'fr', 'gb', 'jp', 'br', 'in', 'es', 'it', 'ca']
  let sent = 0
  const timer = setInterval(() => void fetch(`${server}/api/v1/stats?site=${site}&countryCode=${countries[sent++ % countries.length]}`, { method: 'POST' }), 1_000 / visitsASecond)
  // A machine that drops frames is given time to notice, and to take the lighter mode.
  await page.waitForTimeout(4_000)
  const count = await page.evaluate((time) => new Promise((resolve) => {
    let frames = 0
    const began = performance.now()
    requestAnimationFrame(function step(now) {
      frames++
      if (now - began < time) requestAnimationFrame(step)
      else resolve(frames / ((now - began) / 1_000))
    })
  }), seconds * 1_000)
  clearInterval(timer)
  const lighter = await page.evaluate(() => document.documentElement.hasAttribute('data-light-mode'))
  await context.close()
  return { count, lighter }
}

const browser = await open()
console.log(`${''.padEnd(14)}${'script, KB gzip'.padStart(17)}${'LCP, ms'.padStart(10)}${'TBT, ms'.padStart(10)}   (processor ${slower} times slower, median of ${rounds})`)
for (const path of paths) {
  const loads = []
  for (let i = 0; i < Number(rounds); i++) loads.push(await load(browser, path))
  const size = await gzipped(loads[0].first)
  console.log(`${path.split('?')[0].padEnd(14)}${(size / 1_000).toFixed(1).padStart(17)}${median(loads.map((one) => one.paint)).toFixed(0).padStart(10)}${median(loads.map((one) => one.blocked)).toFixed(0).padStart(10)}`)
}
const { count, lighter } = await frames(browser, 'no-preference')
console.log(`Live at ${visitsASecond} visits a second: ${count.toFixed(1)} frames a second${lighter ? ', in the lighter mode that the page took by itself' : ''}`)
await browser.close()
