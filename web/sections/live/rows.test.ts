import { expect, test } from 'vitest'
import type { Picture } from '@/data/live/picture'
import { rowsOf } from './rows'

const picture = {
  total: { us: 10, de: 10, fr: 3 },
  today: { us: 1, de: 1, fr: 2 },
  active: { fr: 1 },
  orders: { jp: 1 },
  revenue: { jp: 5 },
} as unknown as Picture

test('Most of the chosen column is first, and every country is there once', () => {
  expect(rowsOf(picture, 'today').map((row) => row.code)).toEqual(['fr', 'de', 'us', 'jp'])
  expect(rowsOf(picture, 'revenue')[0]).toEqual({ code: 'jp', now: 0, today: 0, total: 0, orders: 1, revenue: 5 })
})

test('Equal countries are in the order of their codes', () => {
  expect(rowsOf(picture, 'total').map((row) => row.code)).toEqual(['de', 'us', 'fr', 'jp'])
})
