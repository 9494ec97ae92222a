// Builds the scripts that stand outside the pages, each as one file: the tracker and that of the demo shop.

import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'
import { web } from './run.mjs'

/** By the file that is served. */
export const scripts = { 'footfall.js': 'tracker/footfall.ts', 'footfall-pageviews.js': 'tracker/pageviews.ts' }

/** One script, minified. It runs in browsers of 2020 and later. */
export async function script(source) {
  const bundle = await rolldown({ input: fileURLToPath(new URL(source, web)), tsconfig: false, transform: { target: 'es2020' } })
  try {
    const { output } = await bundle.generate({ format: 'iife', minify: true })
    return output[0].code.replaceAll('/* @__PURE__ */', '').trim()
  } finally {
    await bundle.close()
  }
}
