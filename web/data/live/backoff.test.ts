import { expect, test } from 'vitest'
import { backOff } from './backoff'

test('The pause doubles up to fifteen seconds, and at least half of it is waited', () => {
  expect([0, 1, 2, 3, 4, 50].map((attempt) => backOff(attempt, 1))).toEqual([1000, 2000, 4000, 8000, 15000, 15000])
  expect(backOff(0, 0)).toBe(500)
})
