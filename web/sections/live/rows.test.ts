import { expect, test } from 'vitest'
import type { Snapshot } from '@/data/live/snapshot'
import { rowsOf } from './rows'

const snapshot = {
  total: { us: 10, de: 10, fr: 3 },
  today: { us: 1, de: 1, fr: 2 },
  active: { fr: 1 },
  orders: { jp: 1 },
  revenue: { jp: 5 },
} as unknown as Snapshot

test('Most of the chosen column is first, and every country is there once', () => {
  expect(rowsOf(snapshot, 'today').map((row) => row.code)).toEqual(['fr', 'de', 'us', 'jp'])
  expect(rowsOf(snapshot, 'revenue')[0]).toEqual({ code: 'jp', now: 0, today: 0, total: 0, orders: 1, revenue: 5 })
})

test('Equal countries are in the order of their codes', () => {
  expect(rowsOf(snapshot, 'total').map((row) => row.code)).toEqual(['de', 'us', 'fr', 'jp'])
})
