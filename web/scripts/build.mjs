// Builds the pages, and makes of them what Footfall serves, in web/.build/: every file, beside it the same compressed, and web.json, which names them all.
import { createHash } from 'node:crypto'
import { cp, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import { demo } from './demo.mjs'
import { run, web } from './run.mjs'
import { script, scripts } from './scripts.mjs'

const out = new URL('out/', web)
const target = new URL('.build/', web)
const next = new URL('.build.next/', web)

const types = {
  css: 'text/css; charset=utf-8',
  html: 'text/html; charset=utf-8',
  ico: 'image/x-icon',
  jpg: 'image/jpeg',
  js: 'text/javascript; charset=utf-8',
  json: 'application/json',
  map: 'application/json',
  png: 'image/png',
  svg: 'image/svg+xml',
  txt: 'text/plain; charset=utf-8',
  webp: 'image/webp',
  webmanifest: 'application/manifest+json',
  woff2: 'font/woff2',
  xml: 'application/xml',
}
/** Compressed already. */
const packed = new Set(['ico', 'jpg', 'png', 'webp', 'woff2'])

const sha = (bytes, encoding) => createHash('sha256').update(bytes).digest(encoding)

/** The path that a browser asks for. */
function pathOf(file) {
  if (file === 'index.html') return '/'
  return `/${file.endsWith('.html') ? file.slice(0, -'.html'.length).replace(/\/index$/, '') : file}`
}

/** The scripts that stand in a page, as Content-Security-Policy names them: all others come from files. */
function scriptHashes(html) {
  const found = [...html.matchAll(/<script(?<attributes>[^>]*)>(?<code>[\s\S]*?)<\/script>/g)].filter(
    ({ groups }) => !/\ssrc=/.test(groups.attributes) && groups.code !== '',
  )
  return [...new Set(found.map(({ groups }) => `'sha256-${sha(groups.code, 'base64')}'`))].sort()
}

async function compressed(bytes) {
  const [br, gz] = await Promise.all([
    promisify(brotliCompress)(bytes, {
      params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
    }),
    promisify(gzip)(bytes, { level: 9 }),
  ])
  return { br, gz }
}

async function describe(file) {
  const bytes = await readFile(new URL(file, out))
  const extension = file.slice(file.lastIndexOf('.') + 1)
  if (!(extension in types)) throw new Error(`The type of ${file} is not known: add it to scripts/build.mjs.`)
  const encodings = []
  if (!packed.has(extension)) {
    for (const [name, body] of Object.entries(await compressed(bytes))) {
      if (body.length >= bytes.length) continue
      await writeFile(new URL(`${file}.${name}`, next), body)
      encodings.push(name)
    }
  }
  return {
    path: pathOf(file),
    file,
    type: types[extension],
    tag: sha(bytes, 'hex').slice(0, 16),
    // Their names have a hash of what is in them.
    ...(file.startsWith('_next/static/') && { immutable: true }),
    // The tracker: pages of any shop load it.
    ...(/^demo[./]/.test(file) && { demo: true }),
    ...(file in scripts && { shared: true }),
    ...(encodings.length > 0 && { encodings }),
    ...(extension === 'html' && { scripts: scriptHashes(bytes.toString('utf8')) }),
  }
}

/** What a browser loads before a page works, compressed: the files that the page names, without those for browsers that know no modules. */
async function firstLoad(file) {
  const html = await readFile(new URL(file, out), 'utf8')
  const scripts = [...html.matchAll(/<script(?<attributes>[^>]*\ssrc="(?<source>[^"]+)"[^>]*)>/g)]
    .filter(({ groups }) => !/nomodule/i.test(groups.attributes))
    .map(({ groups }) => groups.source.split('?')[0])
  const sizes = await Promise.all(
    [...new Set(scripts)].map(
      async (source) => (await promisify(gzip)(await readFile(new URL(`.${decodeURIComponent(source)}`, out)), { level: 9 })).length,
    ),
  )
  return sizes.reduce((sum, size) => sum + size, 0)
}

run('scripts/world.mjs')
await rm(out, { recursive: true, force: true })
run('node_modules/next/dist/bin/next', 'build')
for (const [file, source] of Object.entries(scripts)) await writeFile(new URL(file, out), await script(source))
await demo(out)

await rm(next, { recursive: true, force: true })
const names = (await readdir(out, { recursive: true, withFileTypes: true }))
  .filter((entry) => entry.isFile())
  .map((entry) => relative(fileURLToPath(out), join(entry.parentPath ?? entry.path, entry.name)).replaceAll('\\', '/'))
  .sort()
for (const name of names) await mkdir(new URL('.', new URL(name, next)), { recursive: true })
await cp(out, next, { recursive: true })
const files = []
for (const name of names) files.push(await describe(name))
await writeFile(new URL('web.json', next), JSON.stringify({ files }, null, 1))
await rm(target, { recursive: true, force: true })
await rename(next, target)
for (const { file } of files.filter(
  ({ file }) => file.endsWith('.html') && !file.startsWith('_') && !file.startsWith('demo') && file !== '404.html',
))
  console.log(`First-load JavaScript of ${pathOf(file)}: ${((await firstLoad(file)) / 1024).toFixed(1)} KB gzipped`)
for (const file of Object.keys(scripts))
  console.log(`/${file}: ${((await compressed(await readFile(new URL(file, out)))).gz.length / 1024).toFixed(2)} KB gzipped`)
