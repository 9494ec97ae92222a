import { expect, test } from 'vitest'
import { everyNth, niceEnd, shade, ticks } from './scale'

test('The country with most is darkest, and none has no color', () => {
  expect(shade(1000, 1000)).toBe(1)
  expect(shade(0, 1000)).toBe(0)
  expect(shade(1, 1)).toBe(1)
  expect(shade(10, 1000)).toBeGreaterThan(0.3)
  expect(shade(10, 1000)).toBeLessThan(shade(20, 1000))
  expect(shade(500, 1000)).toBe(shade(501, 1000))
})

test.each([
  [0, 4],
  [3, 4],
  [5, 5],
  [7, 10],
  [11, 20],
  [130, 200],
  [1000, 1000],
])('An axis for %d ends at %d', (value, end) => {
  expect(niceEnd(value)).toBe(end)
})

test.each([
  [540, [0, 200, 400, 600]],
  [1000, [0, 250, 500, 750, 1000]],
  [3, [0, 1, 2, 3]],
  [0.04, [0, 0.01, 0.02, 0.03, 0.04]],
  [101, [0, 50, 100, 150]],
])('The marks of an axis for %d are %j', (value, marks) => {
  expect(ticks(value)).toEqual(marks)
})

test('Marks of whole numbers are whole, reach the value and are few', () => {
  for (let value = 1; value < 3_000; value++) {
    const marks = ticks(value, 5, true)
    expect(marks.every(Number.isInteger)).toBe(true)
    expect(marks.length).toBeLessThanOrEqual(5)
    expect(marks.at(-1)).toBeGreaterThanOrEqual(value)
  }
  expect(ticks(0, 5, true)).toEqual([0, 1])
})

test('Labels are left out where they would overlap', () => {
  expect(everyNth(30, 900, 30)).toBe(1)
  expect(everyNth(30, 300, 60)).toBe(6)
  expect(everyNth(1, 0, 60)).toBeGreaterThanOrEqual(1)
})
