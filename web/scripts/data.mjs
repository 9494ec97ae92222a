// Takes the data that the program reads at run time out of the npm packages that carry it, into web/.reference/.
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import { list } from 'isbot'
import { parse } from 'yaml'

const web = new URL('../', import.meta.url)
const packages = new URL('node_modules/', web)
const data = new URL('.reference/', web)

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

async function writeAgents() {
  const rules = parse(await readFile(new URL('uap-core/regexes.yaml', packages), 'utf8'))
  const lines = [
    ...rules.user_agent_parsers.map((rule) => ['browser', rule.regex, rule.family_replacement, rule.v1_replacement, rule.v2_replacement]),
    ...rules.os_parsers.map((rule) => ['os', rule.regex, rule.os_replacement, rule.os_v1_replacement, rule.os_v2_replacement]),
  ].map((fields) => fields.map((field) => field ?? ''))
  const unusable = lines.flat().find((field) => /[\t\r\n]/.test(field))
  if (unusable !== undefined) throw new Error(`uap-core's ${JSON.stringify(unusable)} does not fit between tabs.`)
  const header = `# The patterns of uap-core ${await versionOf('uap-core')} (Apache License 2.0): what they tell, regular expression, name, major, minor number.`
  await writeFile(new URL('agents.txt', data), [header, ...lines.map((fields) => fields.join('\t')), ''].join('\n'))
}

await mkdir(data, { recursive: true })
await copyCountries()
await writeBots()
await writeAgents()
