import { expect, test } from 'vitest'
import { ago, change, changeOf } from './format'

test('A change is shown against what was before', () => {
  expect(changeOf(12, 10)).toBeCloseTo(0.2)
  expect(changeOf(0, 10)).toBe(-1)
  expect(changeOf(0, 0)).toBe(0)
})

test('Without a value before, or with none, there is no change to tell', () => {
  expect(changeOf(5, undefined)).toBeNull()
  expect(changeOf(5, 0)).toBeNull()
})

test('A change above tenfold is a factor', () => {
  expect(change(0.2)).toBe('+20%')
  expect(change(-0.5)).toBe('-50%')
  expect(change(0)).toBe('0%')
  expect(change(9)).toBe('+900%')
  expect(change(49)).toBe('×50')
})

test.each([
  [0, 'now'],
  [12, '12 s'],
  [61, '1 min'],
  [7300, '2 h'],
])('%d seconds are %s', (seconds, text) => {
  expect(ago(seconds)).toBe(text)
})
