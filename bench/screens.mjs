import { open, personOf, settled } from './pages.mjs'

const [server, site, directory] = process.argv.slice(2)
const pages = {
  live: `/?site=${site}`,
  wall: `/?site=${site}&wall`,
  analytics: `/analytics?site=${site}&period=day`,
  country: `/country?site=${site}&c=DE&period=day`,
  product: `/product?site=${site}&name=Desk%20lamp&period=day`,
  demo: '/demo',
  empty: '/analytics?site=new.example',
  missing: '/nothing-here',
}

const browser = await open()
for (const [name, path] of Object.entries(pages)) {
  for (const width of [1440, 390]) {
    if (name === 'wall' && width < 600) continue
    for (const theme of ['dark', 'light']) {
      const { context, page } = await personOf(browser, { width, theme })
      await page.goto(server + path)
      if (name !== 'demo') await settled(page)
      // Numbers have run to their values, and cards have come in.
      await page.evaluate(() => Promise.all(document.getAnimations().filter((one) => one.effect.getComputedTiming().endTime !== Infinity).map((one) => one.finished.catch(() => undefined))))
      await page.waitForTimeout(1_500)
      await page.screenshot({ path: `${directory}/${name}-${width}-${theme}.png`, fullPage: name !== 'wall' })
      await context.close()
      console.error(`  ${name} ${width} ${theme}`)
    }
  }
}
await browser.close()
