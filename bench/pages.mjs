// Shared by screens.mjs and web.mjs: Debian's Chromium, driven by the playwright-core of web/node_modules.
import { createRequire } from 'node:module'

const require = createRequire(new URL('../web/package.json', import.meta.url))
const { chromium } = require('playwright-core')

/** A headless Chromium is a robot by its name, and robots are in no visit. */
const userAgent = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36'

export const open = () => chromium.launch({ executablePath: process.env.FOOTFALL_CHROMIUM ?? '/usr/bin/chromium-headless-shell', args: ['--no-sandbox', '--disable-dev-shm-usage'] })

/** A person with a screen of that width, and a page that is not loaded yet. */
export async function personOf(browser, { width = 1440, theme = 'dark', ...options } = {}) {
  const height = width < 600 ? 844 : 900
  const context = await browser.newContext({ viewport: { width, height }, colorScheme: theme, userAgent, locale: 'en-GB', deviceScaleFactor: 1, ...options })
  return { context, page: await context.newPage() }
}

/** Waits until nothing on the page stands for something else. */
export const settled = (page) => page.waitForFunction(() => document.querySelector('h1') !== null && document.querySelector('[data-skeleton]') === null, null, { timeout: 60_000 })
