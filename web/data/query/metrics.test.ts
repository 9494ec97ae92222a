import { expect, test } from 'vitest'
import { currencyOf, duration, formatChange, type Money, numberOf } from './metrics'

const euros: Money = { value: 59.9, currency: 'EUR', by_currency: { EUR: 59.9 } }
const mixed: Money = { value: null, currency: 'EUR', by_currency: { GBP: 100, CHF: 12 } }

test('Money without a rate is shown in the currency with most of it', () => {
  expect([currencyOf(euros), numberOf(euros)]).toEqual(['EUR', 59.9])
  expect([currencyOf(mixed), numberOf(mixed)]).toEqual(['GBP', 100])
  expect(numberOf(mixed, 'CHF')).toBe(12)
  expect(numberOf(mixed, 'USD')).toBeNull()
  expect([currencyOf(null), numberOf(null), numberOf(7)]).toEqual([null, null, 7])
})

test.each([
  [0, '0s'],
  [59.6, '1m 0s'],
  [127, '2m 7s'],
  [7_300, '2h 1m'],
])('%d seconds are %s', (seconds, text) => {
  expect(duration(seconds)).toBe(text)
})

test('Changes of rates are points, large ones factors', () => {
  expect(formatChange('visitors', 12)).toBe('+12%')
  expect(formatChange('visitors', -12)).toBe('−12%')
  expect(formatChange('bounce_rate', 0.5)).toBe('+0.5 pts')
  expect(formatChange('exit_rate', 12)).toBe('+12%')
  expect(formatChange('percentage', 12)).toBe('+12%')
  expect(formatChange('visits', 1_200)).toBe('×13')
  expect(formatChange('visits', 0)).toBe('0%')
})
