// Makes the lists of sources in src/Footfall/Enrich/Sources/ out of Matomo's: hosts and names only. Run by hand when those lists have news:
//   node scripts/lists.mjs DIRECTORY_OF_searchengine-and-social-list DIRECTORY_OF_referrer-spam-list
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { domainToASCII } from 'node:url'
import { parse } from 'yaml'

const [lists, spam] = process.argv.slice(2)
if (spam === undefined) throw new Error('Name two directories: that of searchengine-and-social-list, and that of referrer-spam-list.')
const sources = new URL('../../src/Footfall/Enrich/Sources/', import.meta.url)

/** Names that are spelled otherwise by their owners. */
const names = {
  reddit: 'Reddit',
  tumblr: 'Tumblr',
  hi5: 'Hi5',
  gree: 'GREE',
  'Google%2B': 'Google+',
  Vkontakte: 'VK',
  Deepseek: 'DeepSeek',
  Ozone: 'Qzone',
}

/** A host as a referrer has it; null for a path, which this program does not look at, and for an app, which sends no http. */
function hostOf(url) {
  // `{}` in the middle is looked for nowhere either.
  if (
    url.includes('.{}.') ||
    url.includes('/') ||
    (/^(com|org)\..*\.|\.android$/.test(url) && !url.endsWith('.com') && !url.endsWith('.org'))
  )
    return null
  return url.toLowerCase().replace(/^www\./, '')
}

function pairs(definitions, urlsOf) {
  const found = new Map()
  for (const [name, definition] of Object.entries(definitions))
    for (const url of urlsOf(definition)) {
      const host = hostOf(String(url))
      if (host !== null && !found.has(host)) found.set(host, names[name] ?? name)
    }
  return found
}

async function write(file, title, licence, lines) {
  const header = [`# ${title}`, `# ${licence}`, '# Made by web/scripts/lists.mjs: change it there.']
  await writeFile(new URL(file, sources), [...header, ...lines, ''].join('\n'))
}

async function yaml(file) {
  return parse(await readFile(join(lists, file), 'utf8'))
}

const byName = ([a, nameOfA], [b, nameOfB]) => (nameOfA < nameOfB ? -1 : nameOfA > nameOfB ? 1 : a < b ? -1 : 1)
const lines = (found) => [...found].sort(byName).map(([host, name]) => `${host}\t${name}`)
const licence = "Facts from Matomo's searchengine-and-social-list (CC0 1.0): https://github.com/matomo-org/searchengine-and-social-list"

const assistants = pairs(await yaml('AIAssistants.yml'), (urls) => urls)
const networks = pairs(await yaml('Socials.yml'), (urls) => urls)
const engines = pairs(await yaml('SearchEngines.yml'), (blocks) => blocks.flatMap((block) => block.urls))
for (const host of [...assistants.keys(), ...networks.keys()]) engines.delete(host)
await write('ai-assistants.txt', 'Assistants: host, name. Hosts below these belong to them too.', licence, lines(assistants))
await write('social-networks.txt', 'Social networks: host, name. Hosts below these belong to them too.', licence, lines(networks))
await write(
  'search-engines.txt',
  'Search engines: host, name. `{}` is a country: `de`, or `co.uk` at the end. Only these hosts, with or without `www.`',
  licence,
  lines(engines),
)

const spammers = new Set(
  (await readFile(join(spam, 'spammers.txt'), 'utf8'))
    .split('\n')
    .map((host) => domainToASCII(host.trim().replace(/^www\./, '')))
    .filter((host) => host.includes('.')),
)
const parents = (host) =>
  host
    .split('.')
    .slice(1)
    .map((_, i, labels) => labels.slice(i).join('.'))
const least = [...spammers].filter((host) => !parents(host).some((parent) => spammers.has(parent))).sort()
await write(
  'referrer-spam.txt',
  'Hosts of referrer spam; those below them too.',
  "Facts from Matomo's referrer-spam-list (public domain): https://github.com/matomo-org/referrer-spam-list",
  least,
)
