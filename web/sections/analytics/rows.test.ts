import { expect, test } from 'vitest'
import type { Query } from '@/data/query/build'
import type { QueryResult } from '@/data/query/runQuery'
import { countries, products } from './cards'
import { pageOf } from './pages'
import { fileOf, rowsOf } from './rows'

const result = {
  results: [
    { dimensions: ['DE'], metrics: [10, { value: 59.9, currency: 'EUR', by_currency: { EUR: 59.9 } }] },
    { dimensions: ['GB'], metrics: [5, { value: null, currency: 'EUR', by_currency: { GBP: 20 } }] },
  ],
  meta: {},
} as unknown as QueryResult
const query = { site_id: 'x', date_range: '7d', dimensions: ['visit:country'], metrics: ['visitors', 'revenue'] } as Query

test('A file has names, codes and a column for each currency', () => {
  const { header, rows } = fileOf(result, query, false)
  expect(header).toEqual(['Country', 'Code', 'Visitors', 'Revenue (EUR)', 'Revenue (GBP)'])
  expect(rows.map((row) => row.slice(1))).toEqual([
    ['DE', 10, 59.9, null],
    ['GB', 5, null, 20],
  ])
})

test('Hidden money is neither in a table nor in a file', () => {
  expect(fileOf(result, query, true).header).toEqual(['Country', 'Code', 'Visitors'])
  expect(rowsOf(result, ['visitors', 'revenue'], true).map((row) => row.cells[1])).toEqual(['•••', '•••'])
})

test('Bars are shares of the largest row', () => {
  expect(rowsOf(result, ['visitors', 'revenue'], false).map((row) => row.share)).toEqual([1, 0.5])
})

test('A row leads to its page with the shop and the period', () => {
  const search = 'site=shop.example&period=7d&f=is,visit:os,Mac&details=x'
  expect(pageOf(countries, 'DE', search)).toBe('/country?site=shop.example&period=7d&c=DE')
  expect(pageOf(countries, '', search)).toBeNull()
  expect(pageOf(products.tables[0], 'Lamp & Co', search)).toBe('/product?site=shop.example&period=7d&name=Lamp+%26+Co')
  expect(pageOf(products.tables[1]!, 'Home', search)).toBeNull()
})
