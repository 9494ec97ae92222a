import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { codeOf, complete, flagOf, nameOf } from './countries'
import { assigned } from './country-codes'

test('The codes are those that the server takes', () => {
  const server = readFileSync(new URL('../../src/Footfall/Common/countries.txt', import.meta.url), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
  expect([...assigned].sort()).toEqual(server.map((line) => line.slice(0, 2).toLowerCase()).sort())
})

test('A flag is made of the letters of the code', () => {
  expect(flagOf('de')).toBe('🇩🇪')
  expect(flagOf('zz')).toBe('🏳️')
})

test.each([
  ['DE', 'de'],
  ['de', 'de'],
  ['UK', 'gb'],
  ['uk', 'gb'],
  ['gb', 'gb'],
  ['deu', null],
  ['', null],
  [null, null],
])('%s in an address is %s', (text, code) => expect(codeOf(text)).toBe(code))

test('A name is shown in the language of the viewer', () => {
  expect(nameOf('de', 'en')).toBe('Germany')
  expect(nameOf('de', 'fr')).toBe('Allemagne')
  expect(nameOf('zz', 'en')).toBe('Unknown')
})

test.each([
  ['de', 'de'],
  ['DE', 'de'],
  ['uk', 'gb'],
  ['germ', 'de'],
  ['cote', 'ci'],
  ['turk', 'tr'],
  ['kong', 'hk'],
  ['united states', 'us'],
  ['allem', 'de'],
])('%s is completed to %s', (text, code) => {
  expect(complete(text, 6, 'fr')[0] === code || complete(text, 6, 'en')[0] === code).toBe(true)
})

test('What is no country is completed to nothing', () => {
  expect(complete('qqq')).toEqual([])
  expect(complete('  ')).toEqual([])
})
