import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { script, scripts } from '../scripts/scripts.mjs'

describe('the tracker stays small', () => {
  test.each([
    ['footfall.js', 2200],
    ['footfall-pageviews.js', 1200],
  ] as const)('%s has at most %i bytes, gzipped', async (file, most) => {
    const code = await script(scripts[file])
    expect(gzipSync(code, { level: 9 }).length).toBeLessThanOrEqual(most)
    // It ends as a script, and leaves no name behind but window.footfall.
    expect(code).toMatch(/^\(function\(\)\{.*\}\)\(\);?$/s)
  })
})
