import { expect, test } from 'vitest'
import { niceEnd, shade } from './scale'

test('The country with most is darkest, and none has no colour', () => {
  expect(shade(1000, 1000)).toBe(1)
  expect(shade(0, 1000)).toBe(0)
  expect(shade(1, 1)).toBe(1)
  expect(shade(10, 1000)).toBeGreaterThan(0.3)
  expect(shade(10, 1000)).toBeLessThan(shade(20, 1000))
  expect(shade(500, 1000)).toBe(shade(501, 1000))
})

test.each([[0, 4], [3, 4], [5, 5], [7, 10], [11, 20], [130, 200], [1000, 1000]])('An axis for %d ends at %d', (value, end) => {
  expect(niceEnd(value)).toBe(end)
})
