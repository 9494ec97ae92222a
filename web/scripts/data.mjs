// Takes the data that the program reads at run time out of the npm packages that carry it, into web/data/.
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import { list } from 'isbot'

const web = new URL('../', import.meta.url)
const packages = new URL('node_modules/', web)
const data = new URL('data/', web)

async function versionOf(name) {
  return JSON.parse(await readFile(new URL(`${name}/package.json`, packages), 'utf8')).version
}

async function copyCountries() {
  const file = 'geo-whois-asn-country.mmdb'
  await copyFile(new URL(`@ip-location-db/geo-whois-asn-country-mmdb/${file}`, packages), new URL(file, data))
}

async function writeBots() {
  // A line is a pattern, whole: one that could be taken for a comment or for two lines must not be lost in silence.
  const unusable = list.find((pattern) => pattern === '' || pattern.startsWith('#') || /[\r\n]/.test(pattern))
  if (unusable !== undefined) throw new Error(`isbot's pattern ${JSON.stringify(unusable)} does not fit on a line.`)
  const header = `# The patterns of isbot ${await versionOf('isbot')} (The Unlicense): regular expressions, case-insensitive, one a line.`
  await writeFile(new URL('bots.txt', data), [header, ...list, ''].join('\n'))
}

await mkdir(data, { recursive: true })
await copyCountries()
await writeBots()
